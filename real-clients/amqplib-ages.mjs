// amqplib of several ages against a running broker; prints a line per version.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const LIMIT_MS = 30000
const run = `amqplib-ages-${Date.now()}`
const url = `amqp://guest:guest@${process.env.AMQP}?heartbeat=10`
const require = createRequire(import.meta.url)
const ages = ['amqplib-0.8', 'amqplib-0.9', 'amqplib-0.10', 'amqplib-1.0', 'amqplib-1.2', 'amqplib-2.0', 'amqplib']

function bounded(promise, what) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took over ${LIMIT_MS} ms`)), LIMIT_MS)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

async function confirmedMessagesComeBack(connection, queue, options) {
  const channel = await connection.createConfirmChannel()
  await channel.assertQueue(queue, { durable: true, ...options })
  await channel.assertExchange(queue, 'topic')
  await channel.bindQueue(queue, queue, 'a.*')
  const sent = Array.from({ length: 200 }, (_, i) => `${i}`)
  for (const body of sent) {
    channel.publish(queue, 'a.b', Buffer.from(body), { persistent: true, headers: { n: body, list: [1, { deep: true }] } })
  }
  await channel.waitForConfirms()
  await channel.prefetch(20)
  const received = []
  await new Promise((resolve) => channel.consume(queue, (message) => {
    // The consumer is cancelled when the queue is deleted.
    if (message === null) return
    received.push(message.content.toString())
    assert.deepEqual(message.properties.headers, { n: message.content.toString(), list: [1, { deep: true }] })
    channel.ack(message)
    if (received.length === sent.length) resolve()
  }))
  assert.deepEqual(received, sent)
  await channel.deleteQueue(queue)
  await channel.deleteExchange(queue)
  await channel.close()
}

async function missingQueueClosesTheChannelAlone(connection, queue) {
  const channel = await connection.createChannel()
  channel.on('error', () => {})
  await assert.rejects(channel.checkQueue(queue), /404/)
  const next = await connection.createChannel()
  await next.close()
}

let failures = 0
for (const age of ages) {
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${age}/package.json`, import.meta.url)))
  const name = `amqplib-ages/${version}`
  try {
    const amqplib = require(age)
    const connection = await bounded(amqplib.connect(url), 'connecting')
    connection.on('error', () => {})
    const queue = `${run}-${version}`
    await bounded(confirmedMessagesComeBack(connection, `${queue}-classic`, {}), 'classic')
    await bounded(confirmedMessagesComeBack(connection, `${queue}-quorum`, { arguments: { 'x-queue-type': 'quorum' } }), 'quorum')
    await bounded(missingQueueClosesTheChannelAlone(connection, `${queue}-none`), 'missing queue')
    await bounded(connection.close(), 'closing')
    console.log(`ok ${name}`)
  } catch (error) {
    failures++
    console.error(error)
    console.log(`FAIL ${name} ${String(error).replace(/\s+/g, ' ').slice(0, 600)}`)
  }
}
process.exit(failures === 0 ? 0 : 1)
