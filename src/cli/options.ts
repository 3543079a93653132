import { type Command, InvalidArgumentError, Option } from 'commander';

export const revisionHelp = (verb: string): string =>
  `${verb} this revision in the place of the newest: main@sha1:<hex>, a commit's id or its first 7 digits or more`;

const manyTargets = (): Option => new Option('-t, --target <name...>', 'only these targets');

/** A list of names would take what stands behind it for one of them. */
export const oneTarget = (): Option =>
  new Option('-t, --target <name>', 'which target, where there are several').argParser((name) => [name]);

export function withConfig(command: Command, target = manyTargets): Command {
  return command
    .requiredOption('-c, --config <file>', "the daemon's file, genesys-gitops.yaml")
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
