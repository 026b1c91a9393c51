// What somebody else would write for POST /api/customer/action: Express, one transaction per request, and nothing that is not
// necessary: no encryption, no session, no index but one on the phone. On SQLite through better-sqlite3, or, when an address is
// given, on Postgres through pg, in a schema of its own that goes with the service.
// Prints its port once it listens; ends with standard input.
'use strict'
const { randomUUID } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const express = require('express')

const TABLES = `
  CREATE TABLE action (id TEXT PRIMARY KEY, advisor TEXT, kind TEXT, detail TEXT, lead TEXT, at BIGINT);
  CREATE TABLE lead (id TEXT PRIMARY KEY, number TEXT, phone TEXT UNIQUE, name TEXT, openid TEXT, source TEXT,
    contract TEXT, level TEXT, remarks TEXT, advisor TEXT, at BIGINT);
  CREATE TABLE job (id TEXT PRIMARY KEY, kind TEXT, recipient TEXT, action TEXT, payload TEXT, status TEXT, at BIGINT);
`

/** The rows of one action, in the order they are written in. */
function rows(said, at) {
  const [action, lead] = [randomUUID(), randomUUID()]
  const number = `CUS${at}${Math.floor(Math.random() * 10000)}`
  const remarks = '通过微信小程序联系顾问自动创建'
  const { customerId, advisorId, customerName, customerPhone, actionType } = said
  return {
    lead: [lead, number, customerPhone, customerName, customerId, '其他', '待定', 'B类', remarks, advisorId, at],
    action: [action, advisorId, actionType, JSON.stringify(said), lead, at],
    job: [randomUUID(), 'subscribe_message', advisorId, action, JSON.stringify({ action }), 'queued', at],
    told: { actionId: action, customerCreated: true, customerId: lead, customer: { _id: lead, customerId: number } },
  }
}

function onSqlite() {
  const Database = require('better-sqlite3')
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'express-actions-'))
  const db = new Database(path.join(folder, 'actions.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(TABLES)
  const adding = (table, values) => db.prepare(`INSERT INTO ${table} VALUES (${Array(values).fill('?').join(', ')})`)
  const [addLead, addAction, addJob] = [adding('lead', 11), adding('action', 6), adding('job', 7)]
  const submit = db.transaction(({ lead, action, job, told }) => {
    addLead.run(lead)
    addAction.run(action)
    addJob.run(job)
    return told
  })
  return { submit, end: () => fs.rmSync(folder, { recursive: true, force: true }) }
}

async function onPostgres(url) {
  const { Pool } = require('pg')
  const schema = `express_${process.pid}`
  const pool = new Pool({ connectionString: url, max: 16, options: `-c search_path=${schema}` })
  await pool.query(`CREATE SCHEMA ${schema}`)
  await pool.query(TABLES)
  const adding = (table, values) => ({
    name: table,
    text: `INSERT INTO ${table} VALUES (${Array.from({ length: values }, (_, at) => `$${at + 1}`).join(', ')})`,
  })
  const [addLead, addAction, addJob] = [adding('lead', 11), adding('action', 6), adding('job', 7)]
  const submit = async ({ lead, action, job, told }) => {
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      await client.query({ ...addLead, values: lead })
      await client.query({ ...addAction, values: action })
      await client.query({ ...addJob, values: job })
      await client.query('COMMIT')
      return told
    } finally {
      client.release()
    }
  }
  return { submit, end: () => pool.query(`DROP SCHEMA ${schema} CASCADE`) }
}

async function main() {
  const store = process.argv[2] ? await onPostgres(process.argv[2]) : onSqlite()
  const app = express()
  app.use(express.json())
  app.post('/api/customer/action', async (request, response) => {
    const at = Date.now()
    const data = await store.submit(rows(request.body, at))
    response.json({ success: true, code: 200, message: '记录客户行为成功，已创建新客户线索', data, timestamp: at })
  })
  const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
  process.stdin.on('end', async () => {
    await store.end()
    process.exit(0)
  }).resume()
}

main()
