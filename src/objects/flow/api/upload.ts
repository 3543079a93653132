import type { WriteContext } from '../../../model/contracts.ts';
import { asFailure, Failure } from '../../../model/failure.ts';
import type { Upload } from '../../../model/http.ts';
import { hasBegun } from './poll.ts';
import { lineOf } from './told.ts';

/** So often is a file put to one URL where no answer came and the job has not begun, or where it came too soon. */
const mostUploads = 3;

interface Sending {
  jobId: string;
  upload: Upload;
  name: string;
  isNew: boolean;
  /** Asked again where the file was not taken and was waited with: meanwhile the flow may have changed. */
  stillFree(): Promise<void>;
}

/** A lost answer is looked up in the job itself: it has begun, or the file is put to the same URL once more. */
export async function send(ctx: WriteContext, { jobId, upload, name, isNew, stillFree }: Sending): Promise<void> {
  for (let uploads = 1; ; uploads++) {
    try {
      return await ctx.upload('upload', upload);
    } catch (error) {
      const { reason, message, detail } = asFailure(error);
      if (reason !== 'Unsettled' && reason !== 'RateLimited') throw error;
      const isLast = uploads >= mostUploads;
      if (reason === 'Unsettled' && (await hasBegun(ctx.reader, jobId)) !== undefined) return;
      // What was to be made can be looked for by its name. A flow that is there looks the same until the job has run.
      if (isLast && (isNew || reason === 'RateLimited')) throw error;
      if (isLast)
        throw new Failure('JobRunning', `${late(name, jobId)}: ${lineOf(message)}`, {
          ...detail,
          trace: { job: jobId },
        });
      if (reason !== 'RateLimited') continue;
      await ctx.reader.wait(Math.min(detail.after ?? uploads * 2000, 30_000));
      await stillFree();
    }
  }
}

const late = (name: string, jobId: string): string =>
  `whether the file of "${name}" reached Genesys is not known, and its job ${jobId} has not begun; the next run looks at it again`;
