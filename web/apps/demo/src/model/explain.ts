import { WeiqiaoError } from '@weiqiao/browser';
import { withoutLogin } from './address';
import { PROBLEM_TEXTS } from './problem-texts';

/** A problem in the pattern every page of ours uses: what happened, why, what next. */
export interface Problem {
  what: string;
  why: string;
  next: string;
  /** Whether the same thing may work when tried again. */
  retry: boolean;
  /** An address that gets further. */
  link?: string;
  /** Words to search logs and documentation for. */
  facts: [label: string, value: string][];
}

/** A `code` in the address without the `state` that WeChat always sends along. */
export const CODE_ALONE: Problem = {
  what: '地址里的 code 没有 state',
  why: '微信带回 code 时总会原样带回 state；只有 code 的地址不是一次完整的授权，可能被截断过，也可能是别人拼出来的。',
  next: '页面没有提交这个 code，并已把它从地址栏移除。需要登录时，请点「开始微信授权」。',
  retry: false,
  facts: [],
};

/** Where the problem was met, and where the service wants its pages opened. */
export interface Place {
  publicUrl: string | undefined;
  page: string;
}

/** Explains any failure; the service's own hint knows this installation and goes before our general text. */
export function explain(error: unknown, place?: Place): Problem {
  if (!(error instanceof WeiqiaoError)) {
    return {
      what: '页面出错了',
      why: error instanceof Error ? error.message : String(error),
      next: '刷新页面再试。',
      retry: false,
      facts: [],
    };
  }
  const text = PROBLEM_TEXTS[error.code];
  const { hint, errcode, errmsg, rid, requestId, serverCode, status, retryAfter } = error.details;
  const facts: Problem['facts'] = [];
  const add = (label: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') facts.push([label, String(value)]);
  };
  add('errcode', errcode);
  add('errmsg', errmsg);
  add('rid', rid);
  add('HTTP', status);
  add('错误', serverCode ?? error.code);
  add('请求编号', requestId);
  add('服务原文', error.message);
  const better = error.code === 'REDIRECT_NOT_ALLOWED' ? properAddress(place) : undefined;
  const next = better ? '这个服务只在它自己的地址（PUBLIC_URL）上登录，请改从这里打开本页：' : text.next;
  return {
    what: text.what,
    why: hint ?? text.why,
    next: retryAfter === undefined ? next : `请等待 ${retryAfter} 秒后再试。`,
    ...(better ? { link: better } : {}),
    retry: error.retryable,
    facts,
  };
}

/** This page at the address the service calls its own; nothing when it is open there already. */
function properAddress(place: Place | undefined): string | undefined {
  if (!place?.publicUrl) return undefined;
  try {
    const page = new URL(withoutLogin(place.page));
    const proper = new URL(page.pathname + page.search, place.publicUrl);
    const isWeb = proper.protocol === 'http:' || proper.protocol === 'https:';
    return isWeb && proper.origin !== page.origin ? proper.href : undefined;
  } catch {
    return undefined;
  }
}
