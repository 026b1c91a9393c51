// The embedded QR login of the emulator: the interface of WeChat's wxLogin.js, served from the emulator itself.
(function (root) {
  "use strict";
  const script = document.currentScript;
  const base = script ? new URL(script.src).origin : location.origin;

  root.WxLogin = function WxLogin(options) {
    const holder = document.getElementById(options.id);
    if (!holder) throw new Error(`WxLogin: there is no element with the id ${options.id}`);
    const query = [
      ["appid", options.appid],
      ["scope", options.scope],
      // As documented, the caller has encoded this one already.
      ["redirect_uri", decodeURIComponent(options.redirect_uri ?? "")],
      ["state", options.state ?? ""],
      ["response_type", "code"],
      ["login_type", "jssdk"],
      ["self_redirect", options.self_redirect ? "true" : "false"],
      ["style", options.style ?? "black"],
    ];
    const frame = document.createElement("iframe");
    frame.src = `${base}/connect/qrconnect?${new URLSearchParams(query)}`;
    frame.title = "微信登录";
    frame.width = "300";
    frame.height = "400";
    frame.style.border = "none";
    frame.addEventListener("load", () => {
      options.onReady?.(true);
      options.onQRcodeReady?.();
    });
    holder.replaceChildren(frame);
  };
})(window);
