// What somebody else would write for POST /api/customer/action: Express, better-sqlite3, one transaction per request, and
// nothing that is not necessary: no encryption, no session, no index but one on the phone.
// Prints its port once it listens; ends with standard input.
'use strict'
const { randomUUID } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const Database = require('better-sqlite3')
const express = require('express')

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'express-actions-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
const db = new Database(path.join(folder, 'actions.db'))
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec(`
  CREATE TABLE action (id TEXT PRIMARY KEY, advisor TEXT, kind TEXT, detail TEXT, lead TEXT, at INTEGER);
  CREATE TABLE lead (id TEXT PRIMARY KEY, number TEXT, phone TEXT UNIQUE, name TEXT, openid TEXT, source TEXT,
    contract TEXT, level TEXT, remarks TEXT, advisor TEXT, at INTEGER);
  CREATE TABLE job (id TEXT PRIMARY KEY, kind TEXT, recipient TEXT, action TEXT, payload TEXT, status TEXT, at INTEGER);
`)
const addAction = db.prepare('INSERT INTO action VALUES (?, ?, ?, ?, ?, ?)')
const addLead = db.prepare('INSERT INTO lead VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
const addJob = db.prepare("INSERT INTO job VALUES (?, 'subscribe_message', ?, ?, ?, 'queued', ?)")

const submit = db.transaction((said, at) => {
  const [action, lead] = [randomUUID(), randomUUID()]
  const number = `CUS${at}${Math.floor(Math.random() * 10000)}`
  const remarks = '通过微信小程序联系顾问自动创建'
  const { customerId, advisorId, customerName, customerPhone } = said
  addLead.run(lead, number, customerPhone, customerName, customerId, '其他', '待定', 'B类', remarks, advisorId, at)
  addAction.run(action, advisorId, said.actionType, JSON.stringify(said), lead, at)
  addJob.run(randomUUID(), advisorId, action, JSON.stringify({ action }), at)
  return { actionId: action, customerCreated: true, customerId: lead, customer: { _id: lead, customerId: number } }
})

const app = express()
app.use(express.json())
app.post('/api/customer/action', (request, response) => {
  const at = Date.now()
  const data = submit(request.body, at)
  response.json({ success: true, code: 200, message: '记录客户行为成功，已创建新客户线索', data, timestamp: at })
})
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
process.stdin.on('end', () => process.exit(0)).resume()
