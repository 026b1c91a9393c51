// The computer's side of a login on the phone: asks how far it is, says so, and goes on.
(() => {
  const page = document.getElementById('handover');
  const progress = document.getElementById('progress');
  const left = document.getElementById('left');
  const veil = document.getElementById('veil-text');
  const english = document.getElementById('english');
  const every = 2000;
  const end = Date.now() + Number(page.dataset.seconds) * 1000;
  let over = false;

  const say = (status, text) => {
    page.dataset.status = status;
    if (text) progress.textContent = text;
  };
  const stop = (status, text, short, inEnglish) => {
    over = true;
    veil.textContent = short;
    english.textContent = inEnglish;
    say(status, text);
  };
  const expire = () =>
    stop('expired', '二维码已失效，请重新获取', '二维码已失效', 'This code is too old. Please get a new one.');
  const take = (status) => {
    if (status === 'scanned' && page.dataset.status !== 'scanned')
      say('scanned', '已扫码，请在手机上选择数字并确认');
    if (status === 'confirmed') {
      over = true;
      say('confirmed', '已确认，正在登录…');
      location.replace(page.dataset.finish);
    }
    if (status === 'declined')
      stop('declined', '手机上取消了这次登录', '已取消', 'The login was cancelled on the phone. A new code begins another.');
    if (status === 'expired') expire();
  };
  const ask = async () => {
    if (over) return;
    try {
      const answer = await fetch(page.dataset.poll, { cache: 'no-store', credentials: 'same-origin' });
      if (answer.ok) take((await answer.json()).status);
    } catch {
      // The network comes back or the code runs out: both are seen at the next look.
    }
    if (!over) setTimeout(ask, every);
  };
  const tick = () => {
    if (over) return;
    const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    if (page.dataset.status === 'waiting') left.textContent = String(seconds);
    if (seconds === 0) return expire();
    setTimeout(tick, 1000);
  };
  // Back from the browser's page cache the code may be used or too old.
  addEventListener('pageshow', (event) => event.persisted && location.reload());
  setTimeout(ask, every);
  tick();
})();
