import type { WeiqiaoErrorCode } from '@weiqiao/browser';

/** What happened, why, and what to do, for every way the SDK can fail. The compiler misses none. */
export const PROBLEM_TEXTS: Record<WeiqiaoErrorCode, { what: string; why: string; next: string }> = {
  NO_BROWSER: { what: '没有浏览器窗口', why: '代码在服务端执行了。', next: '只在浏览器里调用。' },
  STORAGE_UNAVAILABLE: {
    what: '浏览器不让本页保存登录',
    why: '浏览器禁止了本站的 Cookie 与网站数据（localStorage），或存储空间已满；登录了也记不住，所以没有开始。',
    next: '在浏览器设置的「隐私 → Cookie 与网站数据」里允许本站，或清理网站数据、退出无痕模式，然后刷新页面。',
  },
  NETWORK_FAILED: {
    what: '没有连上服务',
    why: '网络断开、服务没有启动，或跨域被拒绝。',
    next: '确认服务在运行，然后刷新页面。',
  },
  TIMEOUT: {
    what: '服务没有及时回答',
    why: '服务或微信接口响应过慢。',
    next: '稍等片刻再试；code 在 5 分钟内仍然有效。',
  },
  BAD_RESPONSE: {
    what: '收到了看不懂的回答',
    why: '中间的网关或代理替服务作了回答。',
    next: '检查访问地址与反向代理的转发规则。',
  },
  INVALID_REQUEST: {
    what: '请求被拒绝',
    why: '参数不完整或不被允许。',
    next: '按提示修改；仍然不行时把请求编号交给开发者。',
  },
  UNAUTHORIZED: { what: '没有登录', why: '会话不存在或已经失效。', next: '点击「开始微信授权」重新登录。' },
  FORBIDDEN: {
    what: '没有权限',
    why: '服务不允许这个页面做这件事。',
    next: '检查服务的域名白名单与访问模式。',
  },
  NOT_FOUND: { what: '地址不存在', why: '服务没有这个接口。', next: '检查服务的版本与 baseUrl。' },
  RATE_LIMITED: { what: '请求太频繁', why: '短时间内的请求超过了限制。', next: '稍等片刻再试。' },
  SERVICE_UNAVAILABLE: {
    what: '服务暂时不可用',
    why: '服务的数据库或缓存没有响应，或服务正在重启。',
    next: '稍后再试。这不代表您已退出登录。',
  },
  SERVER_FAILED: {
    what: '服务出错了',
    why: '服务内部发生了意外。',
    next: '把请求编号交给开发者，可以在日志里查到原因。',
  },
  CODE_INVALID: {
    what: '授权码无效',
    why: '这个 code 已超过 5 分钟，或不是这个公众号签发的。',
    next: '点击「开始微信授权」，重新走一遍授权。',
  },
  CODE_USED: {
    what: '授权码已被使用',
    why: '同一个 code 只能换一次登录。常见原因：把带 code 的网址发给了别人，或在别的浏览器里打开。',
    next: '点击「开始微信授权」，重新走一遍授权。',
  },
  STATE_MISMATCH: {
    what: 'state 校验没有通过',
    why: '返回的 state 不是这个浏览器发出的，或已超过 10 分钟。这可能是一次伪造的登录。',
    next: '不要使用别人发来的带 code 的链接；请在本页重新开始授权。',
  },
  LOGIN_DENIED: {
    what: '您没有同意授权',
    why: '在微信的授权页上选择了拒绝，或关闭了页面。',
    next: '没有任何资料被读取。需要登录时，再点一次「开始微信授权」即可。',
  },
  REDIRECT_NOT_ALLOWED: {
    what: '不能跳回这个页面',
    why: '登录之后要返回的域名不在服务的允许列表里。',
    next: '用服务配置的 PUBLIC_URL 打开本页，或把域名加进 OAUTH_REDIRECT_HOSTS。',
  },
  SNAPSHOT_USER: {
    what: '现在是微信的快照页',
    why: '微信给了一个虚拟账号，不能当作真实用户登录。',
    next: '点击页面下方的「使用完整服务」，再重新授权。',
  },
  WECHAT_REFUSED: {
    what: '微信拒绝了这次请求',
    why: '微信接口返回了错误码。',
    next: '对照错误码检查公众号的设置，然后重试。',
  },
  WECHAT_UNREACHABLE: {
    what: '没有收到微信的答复',
    why: '服务连不上微信，或微信没有及时回答。',
    next: '稍等片刻再试一次。',
  },
  NOT_WECHAT_BROWSER: {
    what: '这里不是微信',
    why: 'JS-SDK 由微信客户端执行，普通浏览器里没有。',
    next: '把本页网址发到微信里打开，或改用模拟微信。',
  },
  SCRIPT_FAILED: {
    what: '微信的脚本没有加载成功',
    why: '网络不通，或页面的安全策略（CSP）没有放行脚本所在的域名。',
    next: '检查网络后重试。',
  },
  JSSDK_TIMEOUT: {
    what: '微信没有回应',
    why: '页面可能不是在微信里打开的。',
    next: '在微信里打开本页再试。',
  },
  JSSDK_NOT_READY: {
    what: 'JS-SDK 还没有配置好',
    why: 'wx.config 成功之后才能调用其他接口。',
    next: '先点「配置 JS-SDK」。',
  },
  JSSDK_INVALID_SIGNATURE: {
    what: '签名无效',
    why: '签名用的网址与当前页面不一致：多半是 # 之后的部分、重复编码，或 iOS 首次进入的网址。',
    next: '对照下方「参与签名的网址」与地址栏；换过 AppSecret 或 ticket 时稍后再试。',
  },
  JSSDK_INVALID_DOMAIN: {
    what: '域名不在 JS 接口安全域名里',
    why: '公众号没有登记当前域名，或端口不是 80/443。',
    next: '到公众平台「设置与开发 → 公众号设置 → 功能设置」里登记。',
  },
  JSSDK_INVALID_APPID: {
    what: 'AppID 不对',
    why: '签名的公众号与页面使用的不是同一个。',
    next: '检查服务配置的默认公众号。',
  },
  JSSDK_PERMISSION_DENIED: {
    what: '公众号没有这个接口的权限',
    why: '账号未认证，或接口不在 jsApiList 里。',
    next: '到公众平台「接口权限」里查看。',
  },
  JSSDK_REQUIRE_SUBSCRIBE: {
    what: '需要先关注测试号',
    why: '测试号只允许关注者使用 JS-SDK。',
    next: '关注测试号之后重试。',
  },
  JSSDK_UNSUPPORTED: {
    what: '微信版本太旧',
    why: '这个版本没有分享卡片接口（需要 6.7.2 以上）。',
    next: '升级微信后重试。',
  },
  JSSDK_CANCELLED: { what: '已取消', why: '用户取消了操作。', next: '需要时再试一次。' },
  JSSDK_FAILED: {
    what: 'JS-SDK 返回了错误',
    why: '微信没有给出已知的原因。',
    next: '把下面的原文交给开发者。',
  },
};
