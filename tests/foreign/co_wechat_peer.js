// WeChat as co-wechat's own parts speak it: one command as a JSON line in, one answer as a JSON line out.
//
// seal {token, aes_key, app_id, xml, timestamp, nonce} -> {body, signature}
// open {token, aes_key, app_id, body}                  -> {reply}
// read {xml}                                           -> {reply}
'use strict'
const readline = require('node:readline')
const Crypt = require('wechat-crypto')
const { parseStringPromise } = (() => {
  const { parseString } = require('xml2js')
  return {
    parseStringPromise: (xml) =>
      new Promise((done, failed) => parseString(xml, { trim: true, explicitArray: false }, (e, v) => (e ? failed(e) : done(v.xml)))),
  }
})()

const verbs = {
  async seal({ token, aes_key, app_id, xml, timestamp, nonce }) {
    const crypt = new Crypt(token, aes_key, app_id)
    const encrypt = crypt.encrypt(xml)
    const { ToUserName } = await parseStringPromise(xml)
    const body = `<xml><ToUserName><![CDATA[${ToUserName}]]></ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`
    return { body, signature: crypt.getSignature(timestamp, nonce, encrypt) }
  },
  async open({ token, aes_key, app_id, body }) {
    const crypt = new Crypt(token, aes_key, app_id)
    const wrap = await parseStringPromise(body)
    if (crypt.getSignature(wrap.TimeStamp, wrap.Nonce, wrap.Encrypt) !== wrap.MsgSignature) throw new Error('signature')
    const { message, id } = crypt.decrypt(wrap.Encrypt)
    if (id !== app_id) throw new Error(`sealed for ${id}`)
    return { reply: await parseStringPromise(message) }
  },
  async read({ xml }) {
    return { reply: await parseStringPromise(xml) }
  },
}

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const command = JSON.parse(line)
  const answer = await verbs[command.do](command).catch((problem) => ({ error: String(problem) }))
  process.stdout.write(`${JSON.stringify(answer)}\n`)
})
