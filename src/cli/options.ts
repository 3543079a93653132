import { type Command, InvalidArgumentError, Option } from 'commander';

export const revisionHelp = (verb: string): string =>
  `${verb} this revision in the place of the newest: main@sha1:<hex>, a commit's id or its first 7 digits or more`;

const manyTargets = (): Option => new Option('-t, --target <name...>', 'only these targets');

/** A list of names would take what stands behind it for one of them. */
export const oneTarget = (): Option =>
  new Option('-t, --target <name>', 'which target, where there are several').argParser((name) => [name]);

/** The same before an argument: each name has a `-t` of its own. */
export const eachTarget = (): Option =>
  new Option('-t, --target <name>', 'only this target; can be given several times').argParser(
    (name: string, before: string[] | undefined) => [...(before ?? []), name],
  );

const config = (): Option => new Option('-c, --config <file>', "the daemon's file, genesys-gitops.yaml");

export function withConfig(command: Command, target = manyTargets): Command {
  return withTarget(command.addOption(config().makeOptionMandatory()), target);
}

/** The same for a command that has others below it: those are asked for `-c` themselves, behind their own name. */
export function withConfigAbove(command: Command): Command {
  return withTarget(command.addOption(config()), manyTargets)
    .enablePositionalOptions()
    .hook('preAction', (self, acting) => {
      if (acting !== self || self.getOptionValue('config') !== undefined) return;
      self.error("error: required option '-c, --config <file>' not specified");
    });
}

function withTarget(command: Command, target: () => Option): Command {
  return command
    .addOption(target())
    .addOption(
      new Option('--log-level <level>', 'log to stderr from this level on').choices([
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]),
    );
}

export function output(...choices: string[]): Option {
  return new Option('-o, --output <form>', 'how to print the result').choices(choices).default(choices[0]);
}

export function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
