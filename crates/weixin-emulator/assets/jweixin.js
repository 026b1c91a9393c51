// The emulator's own JS-SDK script: the interface of jweixin 1.6.0 for what pages use in development.
// wx.config really checks the signature, against the emulator's ticket; share calls are recorded there.
(function (root) {
  "use strict";
  const script = document.currentScript;
  const base = script ? new URL(script.src).origin : location.origin;

  const SHARE = ["updateAppMessageShareData", "updateTimelineShareData", "onMenuShareAppMessage", "onMenuShareTimeline"];
  const SILENT = [
    "hideOptionMenu", "showOptionMenu", "hideMenuItems", "showMenuItems",
    "hideAllNonBaseMenuItem", "showAllNonBaseMenuItem", "closeWindow",
  ];
  // Known to the real client; in the emulator they answer as on a device that lacks them.
  const ABSENT = [
    "onMenuShareQQ", "onMenuShareWeibo", "onMenuShareQZone",
    "startRecord", "stopRecord", "onVoiceRecordEnd", "playVoice", "pauseVoice", "stopVoice", "onVoicePlayEnd",
    "uploadVoice", "downloadVoice", "translateVoice", "chooseImage", "previewImage", "uploadImage", "downloadImage",
    "getLocalImgData", "openLocation", "getLocation", "startSearchBeacons", "stopSearchBeacons", "onSearchBeacons",
    "scanQRCode", "chooseWXPay", "openProductSpecificView", "addCard", "chooseCard", "openCard",
  ];

  const state = { step: "new", config: null, result: null, ready: [], error: null };
  const pageUrl = () => location.href.split("#")[0];

  const say = (name, result) => {
    if (state.config?.debug) console.info(`[jweixin] ${name}`, result);
  };

  const call = async (path, body) => {
    // A plain text body needs no preflight request.
    const answer = await fetch(base + path, { method: "POST", body: JSON.stringify(body), credentials: "omit" });
    return { ok: answer.ok, data: await answer.json() };
  };

  const finish = (options, name, errMsg, more) => {
    const result = { ...more, errMsg: `${name}:${errMsg}` };
    say(name, result);
    const good = errMsg === "ok";
    if (good) options?.success?.(result);
    else if (errMsg === "cancel") options?.cancel?.(result);
    else options?.fail?.(result);
    options?.complete?.(result);
    return result;
  };

  const permission = (name) => {
    if (state.step !== "ready") return "the permission value is offline verifying";
    return state.config.jsApiList?.includes(name) ? "" : "permission denied";
  };

  const settle = (step, result) => {
    state.step = step;
    state.result = result;
    say("config", result);
    if (step === "ready") for (const fn of state.ready.splice(0)) fn();
    else state.error?.(result);
  };

  const wx = {
    config(config) {
      state.config = config ?? {};
      state.step = "checking";
      const { appId, timestamp, nonceStr, signature } = state.config;
      if (!appId || !timestamp || !nonceStr || !signature) {
        queueMicrotask(() => settle("failed", { errMsg: "config:fail" }));
        return;
      }
      call("/_emulator/jssdk/verify", { account: appId, url: pageUrl(), timestamp: Number(timestamp), nonceStr, signature })
        .then(({ ok, data }) => {
          if (ok && data.ok) settle("ready", { errMsg: "config:ok" });
          else {
            if (data.expectedString) console.warn(`[jweixin] ${data.reason}; expected: ${data.expectedString}`);
            else if (data.reason) console.warn(`[jweixin] ${data.reason}`);
            settle("failed", { errMsg: data.errMsg ?? "config:fail" });
          }
        })
        .catch(() => settle("failed", { errMsg: "config:fail, network error" }));
    },
    ready(fn) {
      if (state.step === "ready") queueMicrotask(fn);
      else state.ready.push(fn);
    },
    error(fn) {
      state.error = fn;
      if (state.step === "failed") queueMicrotask(() => fn(state.result));
    },
    checkJsApi(options) {
      const known = new Set([...SHARE, ...SILENT, "checkJsApi", "getNetworkType"]);
      const checkResult = {};
      for (const name of options?.jsApiList ?? []) checkResult[name] = known.has(name);
      queueMicrotask(() => finish(options, "checkJsApi", "ok", { checkResult }));
    },
    getNetworkType(options) {
      const refused = permission("getNetworkType");
      queueMicrotask(() => finish(options, "getNetworkType", refused || "ok", refused ? {} : { networkType: "wifi" }));
    },
    miniProgram: {
      getEnv(callback) {
        callback({ miniprogram: root.__wxjs_environment === "miniprogram" });
      },
    },
  };

  for (const name of SHARE) {
    wx[name] = (options = {}) => {
      const refused = permission(name);
      if (refused) {
        queueMicrotask(() => finish(options, name, refused));
        return;
      }
      const { title = "", desc = "", link = "", imgUrl = "" } = options;
      call("/_emulator/shares", { account: state.config.appId, api: name, url: pageUrl(), title, desc, link, imgUrl })
        .then(({ ok, data }) => finish(options, name, ok ? "ok" : `fail, ${data.error}`))
        .catch(() => finish(options, name, "fail, network error"));
    };
  }
  for (const name of SILENT) {
    wx[name] = (options) => {
      const refused = permission(name);
      queueMicrotask(() => finish(options, name, refused || "ok"));
    };
  }
  for (const name of ABSENT) {
    wx[name] = (options) => queueMicrotask(() => finish(options, name, "function not exist"));
  }

  root.wx = wx;
  root.jWeixin = wx;
})(window);
