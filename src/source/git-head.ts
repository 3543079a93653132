import type { SourceConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';

type GitConfig = Extract<SourceConfig, { url: string }>;

/** What `ls-remote` is asked for; for an annotated tag also the commit that it stands for. */
export function refsOf({ branch, tag }: GitConfig): string[] {
  if (tag !== undefined) return [`refs/tags/${tag}`, `refs/tags/${tag}^{}`];
  return [branch === undefined ? 'HEAD' : `refs/heads/${branch}`];
}

/** The revision that `ls-remote --symref` tells. */
export function headOf(output: string, { url, branch, tag }: GitConfig): string {
  const lines = output.split('\n').map((line) => line.split('\t'));
  const symref = lines.find(([what, ref]) => ref === 'HEAD' && what?.startsWith('ref: refs/heads/'))?.[0];
  const found = lines.filter(([id]) => id !== undefined && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(id));
  const commit = (found.find(([, ref]) => ref?.endsWith('^{}')) ?? found[0])?.[0];
  if (commit === undefined) {
    const what = tag !== undefined ? `tag "${tag}"` : branch !== undefined ? `branch "${branch}"` : 'commit';
    throw new Failure('SourceUnavailable', `${url} has no ${what}`);
  }
  if (commit.length !== 40) throw new Failure('SourceUnavailable', `${url} has SHA-256 ids, which are not read here`);
  return `${tag ?? branch ?? symref?.slice('ref: refs/heads/'.length) ?? 'HEAD'}@sha1:${commit}`;
}
