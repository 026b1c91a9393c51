/** The profile a login gives. Field names are the service's; `sex` is always an integer, `privilege` always a list. */
export interface UserInfo {
  openid: string;
  nickname: string;
  /** Empty when the user has no avatar. WeChat's old links die when the avatar changes: show a fallback. */
  headimgurl: string;
  /** 1 male, 2 female, 0 unknown (WeChat answers 0 since 2021-10). */
  sex: number;
  language: string;
  country: string;
  province: string;
  city: string;
  privilege: string[];
  /** Epoch seconds. */
  login_time: number;
  /** Epoch seconds: `login_time` + 24 h by default. */
  expires_at: number;
  unionid?: string;
  /** Present and true for a visitor of a WeChat snapshot page: a virtual account, not a person. */
  is_snapshotuser?: boolean;
}

/** `snsapi_base` logs in silently with the openid only; `snsapi_userinfo` asks for nickname and avatar. */
export type Scope = 'snsapi_base' | 'snsapi_userinfo';

/** What `checkAuth()` found out. */
export interface AuthStatus {
  /** The openid is known and its 24 hours are not over. */
  authenticated: boolean;
  /** The page should call `login()` (again). */
  needAuth: boolean;
  /** Why: nobody logged in here, the service does not know the openid, the 24 hours are over, or all is well. */
  reason: 'never_logged_in' | 'unknown_user' | 'expired' | 'valid';
  /** The profile as far as it is known, also when expired. */
  user: UserInfo | null;
}

/** The four values `wx.config` needs, and the exact URL they were signed for. */
export interface JsSdkConfig {
  appId: string;
  /** Epoch seconds. */
  timestamp: number;
  nonceStr: string;
  signature: string;
  url: string;
}

export interface LoginOptions {
  /** Default: what the service is set to, normally `snsapi_userinfo`. */
  scope?: Scope;
}

export interface JsSdkOptions {
  /** Interfaces to ask for. Default: the two share cards. */
  jsApiList?: readonly string[];
  /** Open tags such as `wx-open-launch-weapp`. */
  openTagList?: readonly string[];
  /** WeChat shows an alert for every result. */
  debug?: boolean;
  /** Page URL to sign, when the rule for the platform does not fit your router. */
  url?: string;
  /** Which URL rule to follow. Default: seen from the browser. */
  platform?: 'ios' | 'other';
}

export interface ShareCard {
  title: string;
  /** Shown in chats only; the timeline has no description. */
  desc?: string;
  /** Default: this page without its fragment. The host must be a JS-safe domain of the account. */
  link?: string;
  /** Absolute URL of a square picture. */
  imgUrl?: string;
}

/** Where values are kept; the part of the Web Storage interface the SDK uses. */
export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface ClientOptions {
  /** Where the service lives, e.g. `https://api.example.com`. Default: the page's own origin. */
  baseUrl?: string;
  /** Account name, when the service runs several. Default: the service's default official account. */
  account?: string;
  /**
   * Where profile and openid are kept. Default: `localStorage`. Where the browser refuses it, values last as long as this
   * page, and a login, which leaves the page, is refused with `STORAGE_UNAVAILABLE`.
   */
  storage?: KeyValueStorage;
  /**
   * `cookie` (default): the session lives in an HttpOnly cookie no script can read.
   * `token`: it is kept under `wechat_token` in `storage` and sent as a bearer token, for a service on another site.
   */
  session?: 'cookie' | 'token';
  /** Cookies on requests. Default `include`, so that a service on a sibling host works. */
  credentials?: RequestCredentials;
  /** Address of WeChat's JS-SDK script. Default: WeChat's own hosts, the second when the first fails. */
  jweixinUrl?: string;
  /** Milliseconds until a request is given up. Default 15000. */
  timeoutMs?: number;
  /** Is told about every request after its answer, for developer tools. Contains the bodies: do not log it. */
  onExchange?: (exchange: Exchange) => void;
}

/** One request and its answer, as given to `onExchange`. */
export interface Exchange {
  method: 'GET' | 'POST';
  /** Path and query, without the origin. */
  path: string;
  requestBody?: unknown;
  /** HTTP status; 0 when no answer came. */
  status: number;
  responseBody?: unknown;
  requestId?: string;
  durationMs: number;
}

/** What a named login instance tells about itself; never its secret. */
export interface WechatLoginConfig {
  appId: string;
  scope: Scope;
  /** What people call it. */
  title: string;
}

/** A named login instance. */
export interface WechatLogin {
  /** Leaves the page; the login ends at `redirectUrl`, by default this page. */
  login(redirectUrl?: string): Promise<void>;
  config(): Promise<WechatLoginConfig>;
}

export interface Client {
  login(redirectUrl?: string, options?: LoginOptions): Promise<void>;
  handleCallback(): Promise<UserInfo | null>;
  checkAuth(): Promise<AuthStatus>;
  getUser(): UserInfo | null;
  logout(): Promise<void>;
  isWechatBrowser(): boolean;
  wechatLogin(name: string): WechatLogin;
  configureJsSdk(options?: JsSdkOptions): Promise<JsSdkConfig>;
  share(card: ShareCard): Promise<void>;
}
