// A service made with co-wechat on Koa. It answers texts by an echo, pictures by the same picture, anything else by nothing.
// Settings as JSON in the first argument: {token, aes_key, app_id}. Prints its port once it listens; ends with standard input.
'use strict'
const Koa = require('koa')
const wechat = require('co-wechat')

const settings = JSON.parse(process.argv[2])
const config = { token: settings.token, appid: settings.app_id }
if (settings.aes_key) config.encodingAESKey = settings.aes_key

const app = new Koa()
app.use(
  wechat(config).middleware(async (message) => {
    if (message.MsgType === 'text') return `你说：${message.Content}`
    if (message.MsgType === 'image') return { type: 'image', content: { mediaId: message.MediaId } }
    return ''
  }),
)
const server = app.listen(settings.port ?? 0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
process.stdin.on('end', () => process.exit(0)).resume()
