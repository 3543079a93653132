import path from 'node:path';
import { command, type Usage } from './command.ts';
import { files, gitRepository } from './documents.ts';
import { flowFiles } from './flow-files.ts';
import { median } from './measure.ts';
import { inTemporaryFolder } from './paths.ts';
import { type Row, told } from './table.ts';

const flows = 1000;
const rounds = 3;

/** `validate` as a process of its own: every flow is parsed, its references and steps are checked. */
export function flowValidation(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const repository = path.join(folder, 'repository');
    const architect = flowFiles(flows, flows);
    await gitRepository(repository, new Map([...files(0), ...architect]));
    const used: Usage[] = [];
    for (let i = 0; i < rounds; i++) used.push((await command(folder, 'validate', repository)).usage);
    const bytes = [...architect.values()].reduce((sum, text) => sum + text.length, 0);
    return [
      told(`validate of ${flows.toLocaleString('en')} flows`, median(used.map(({ wallMs }) => wallMs)), {
        unit: ' ms',
        note: `median of ${rounds}; CPU ${median(used.map(({ cpuMs }) => cpuMs)).toFixed(0)} ms; ${(bytes / flows / 1000).toFixed(1)} KB each, reading them from disk included`,
      }),
      told('its peak memory, started as the image does', Math.max(...used.map(({ peakMb }) => peakMb)), {
        unit: ' MB',
      }),
    ];
  });
}
