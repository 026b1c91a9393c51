import type { Context } from '../context';
import { type RequestSpec, request } from './request';
import { WeiqiaoError } from './weiqiao-error';

/** Ends a session at the service: the one kept here, or the one `bearer` names. One that is over already is fine. */
export async function endSession(context: Context, whose: Pick<RequestSpec, 'bearer'> = {}): Promise<void> {
  try {
    await request(context, { method: 'POST', path: '/api/logout', body: {}, ...whose });
  } catch (error) {
    // Nobody was logged in: that is what was asked for.
    if (!(error instanceof WeiqiaoError && error.code === 'UNAUTHORIZED')) throw error;
  }
}
