import { WeiqiaoError, type WeiqiaoErrorCode } from './weiqiao-error';

/** What WeChat says in `errMsg`, in the order it is looked for, with the cause and next step for a developer. */
const KNOWN: readonly (readonly [RegExp, WeiqiaoErrorCode, string])[] = [
  [
    /invalid signature/i,
    'JSSDK_INVALID_SIGNATURE',
    '签名无效：签名用的 URL 与当前页面不一致（多半是 # 之后的部分、二次编码或 iOS 首次进入的 URL）',
  ],
  [
    /invalid url domain/i,
    'JSSDK_INVALID_DOMAIN',
    '当前域名不在公众号的「JS 接口安全域名」里，或端口不是 80/443',
  ],
  [/invalid appid|fail_invalid appid/i, 'JSSDK_INVALID_APPID', 'appId 不正确，或与签名的公众号不是同一个'],
  [/require subscribe/i, 'JSSDK_REQUIRE_SUBSCRIBE', '测试号要求访问者先关注'],
  [/permission denied/i, 'JSSDK_PERMISSION_DENIED', '公众号没有这个接口的权限，或它不在 jsApiList 里'],
  [
    /permission value is offline verifying/i,
    'JSSDK_PERMISSION_DENIED',
    'wx.config 没有成功，或接口不在 jsApiList 里',
  ],
  [/function.?not.?exist/i, 'JSSDK_UNSUPPORTED', '这个版本的微信不支持该接口，请升级微信'],
  [/:cancel$/i, 'JSSDK_CANCELLED', '用户取消了操作'],
];

/** Maps the result object of `wx.error` or of a `fail` callback to the one error class. */
export function identifyJsSdkError(result: unknown): WeiqiaoError {
  const errMsg = readErrMsg(result);
  const known = KNOWN.find(([pattern]) => pattern.test(errMsg));
  const code = known?.[1] ?? 'JSSDK_FAILED';
  const text = known?.[2] ?? '微信 JS-SDK 返回了错误';
  return new WeiqiaoError(code, `${text} (${errMsg})`, { errmsg: errMsg }, result);
}

function readErrMsg(result: unknown): string {
  if (typeof result === 'string') return result;
  if (typeof result !== 'object' || result === null) return 'unknown error';
  const { errMsg, err_msg } = result as { errMsg?: unknown; err_msg?: unknown };
  if (typeof errMsg === 'string') return errMsg;
  return typeof err_msg === 'string' ? err_msg : 'unknown error';
}
