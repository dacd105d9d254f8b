// What a person does with the console, in a real Chromium without a window; prints a line per check.
// SHOTS=DIR takes the screenshots of docs/console.md as well.

import assert from 'node:assert/strict';
import amqp from 'amqplib';
import { Kafka, logLevel } from 'kafkajs';
import puppeteer from 'puppeteer-core';

const { HTTP: http, AMQP: amqpAddress, BOOTSTRAP: bootstrap, SHOTS: shots } = process.env;
const root = `http://${http}/`;
const limit = 20000;

let failures = 0;
const noise = [];

async function check(name, body) {
  try {
    await body();
    console.log(`ok console/${name}`);
  } catch (failure) {
    failures += 1;
    if (process.env.WORK) {
      await page.screenshot({ path: `${process.env.WORK}/${name}.png` });
    }
    console.log(`FAIL console/${name} ${String(failure.message).split('\n').slice(0, 3).join(' ')} at ${page.url()}`);
  }
}

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
const page = await browser.newPage();
page.setDefaultTimeout(limit);
await page.setViewport({ width: 1280, height: 860 });
await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
let quiet = false;
page.on('console', (message) => message.type() === 'error' && !quiet && noise.push(message.text()));
page.on('pageerror', (error) => noise.push(error.message));
page.on('request', (request) => request.url().startsWith(root) || request.url().startsWith('data:')
  || noise.push(`a request to ${request.url()}`));

const text = (selector) => page.$eval(selector, (element) => element.textContent.replace(/\s+/g, ' ').trim());

async function see(wanted, selector = 'body') {
  await page.waitForFunction((sel, words) => document.querySelector(sel)?.textContent
    .replace(/\s+/g, ' ').includes(words), {}, selector, wanted);
}

async function go(hash) {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
  await page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('[aria-busy="true"]'));
}

/** A button or link by what it is called. */
async function press(name, within = 'body') {
  const found = await page.waitForFunction((place, called) => [...document.querySelectorAll(place)]
    .flatMap((it) => [...it.querySelectorAll('a, button')])
    .find((it) => (it.getAttribute('aria-label') ?? it.textContent).replace(/\s+/g, ' ').trim() === called),
  {}, within, name);
  await found.asElement().click();
}

async function fill(name, value, within = '') {
  const found = await page.waitForSelector(`${within} ::-p-aria([name="${name}"])`);
  await found.evaluate((element) => {
    element.value = '';
  });
  await found.type(String(value));
}

async function logIn(user, password) {
  await fill('User', user);
  await fill('Password', password);
  await page.keyboard.press('Enter');
}

const pause = (ms) => new Promise((resolve) => {
  setTimeout(resolve, ms);
});

async function shot(name, hash, { width = 1280, height = 860, scheme = 'light', wait = 700, prepare } = {}) {
  if (!shots) {
    return;
  }
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await go(hash);
  await prepare?.();
  await pause(wait);
  await page.screenshot({ path: `${shots}/console-${name}.png` });
  await page.setViewport({ width: 1280, height: 860 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
}

// A shop: orders that a slow consumer holds, dead letters, delayed messages, a topic with a group.
const connection = await amqp.connect(`amqp://guest:guest@${amqpAddress}`);
const channel = await connection.createConfirmChannel();
await channel.assertExchange('shop', 'topic');
await channel.assertExchange('returns', 'fanout');
await channel.assertExchange('later', 'x-delayed-message', { arguments: { 'x-delayed-type': 'topic' } });
await channel.assertQueue('orders', { durable: true, deadLetterExchange: 'returns' });
await channel.assertQueue('invoices', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
await channel.assertQueue('mails', { durable: true, messageTtl: 3600000 });
await channel.assertQueue('orders.failed', { durable: true });
await channel.bindQueue('orders', 'shop', 'order.#');
await channel.bindQueue('invoices', 'shop', 'order.paid');
await channel.bindQueue('mails', 'shop', 'order.paid');
await channel.bindQueue('mails', 'shop', 'order.sent');
await channel.bindQueue('orders.failed', 'returns', '');
await channel.bindExchange('later', 'shop', 'order.remind');
const kinds = ['new', 'paid', 'sent'];
for (let i = 0; i < 60; i += 1) {
  channel.publish('shop', `order.${kinds[i % 3]}`, Buffer.from(JSON.stringify({ id: 1000 + i, customer: `c${i % 7}`, amount: i * 3.5, items: ['tea', 'rope'] })),
    { contentType: 'application/json', persistent: true, messageId: `m${i}`, headers: { tenant: i % 2 ? 'north' : 'south' } });
}
for (let i = 0; i < 3; i += 1) {
  channel.publish('later', `remind.${i}`, Buffer.from('call back'), { headers: { 'x-delay': 3600000 * (i + 1) } });
}
await channel.waitForConfirms();
for (let i = 0; i < 6; i += 1) {
  channel.reject(await channel.get('orders'), false);
}
await channel.checkQueue('orders.failed');
const holding = await connection.createChannel();
await holding.prefetch(5);
await holding.consume('orders', () => {}, { consumerTag: 'packing-1' });
const kafka = new Kafka({ clientId: 'console', brokers: [bootstrap], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic: 'clicks', numPartitions: 2 }] });
const producer = kafka.producer();
await producer.connect();
await producer.send({ topic: 'clicks', messages: Array.from({ length: 200 }, (_, i) => ({ key: `user${i % 9}`, partition: i % 2, value: JSON.stringify({ page: `/p/${i}` }) })) });
await admin.setOffsets({ groupId: 'reporting', topic: 'clicks', partitions: [{ partition: 0, offset: '40' }, { partition: 1, offset: '100' }] });

await page.goto(root);

await check('asks-for-a-login', async () => {
  await page.waitForSelector('#user');
  assert.equal(await page.title(), 'Log in · Taffrail');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'user');
});

await check('refuses-a-wrong-password', async () => {
  quiet = true; // the browser itself reports the status 401
  await logIn('guest', 'wrong');
  await see('The user or the password is wrong.', 'main');
  quiet = false;
});

await check('logs-in-and-hides-the-session-from-scripts', async () => {
  await logIn('guest', 'guest');
  await see('Overview', 'main h1');
  assert.equal(await page.evaluate(() => document.cookie), '');
  await see('Oldest waiting', 'main');
});

await check('shows-charts-that-move', async () => {
  await page.waitForSelector('tf-chart canvas');
  const before = await page.$eval('tf-chart', (chart) => chart.getAttribute('aria-label'));
  channel.publish('shop', 'order.new', Buffer.from('{"id":1}'));
  await page.waitForFunction((old) => document.querySelector('tf-chart').getAttribute('aria-label') !== old, {}, before);
});

await check('finds-a-queue-by-its-name', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('q');
  await page.waitForSelector('main input');
  await page.keyboard.press('/');
  await page.keyboard.type('invo');
  await page.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 1);
  await press('invoices', 'main');
  await see('invoices', 'main h1');
  assert.equal(await page.title(), 'invoices · Taffrail');
  await page.goBack();
  await see('Queues', 'main h1');
});

await check('creates-a-queue-in-a-dialog', async () => {
  await go('#/queues');
  await press('New queue', 'main');
  await page.waitForSelector('dialog[open]');
  await fill('Name', 'made-here', 'dialog');
  await press('Create', 'dialog');
  await see('made-here', 'main h1');
});

await check('publishes-a-message', async () => {
  await go('#/queues/%2F/made-here?tab=publish');
  await fill('Payload', '{"hello":"<b>world</b>"}', 'main');
  await press('Publish', 'form');
  await see('Published and stored.', '#announcer');
});

await check('browses-without-taking', async () => {
  await go('#/queues/%2F/made-here?tab=messages');
  const message = await page.waitForSelector('details.message summary');
  await message.click();
  await see('"hello": "<b>world</b>"', 'details.message pre');
  await see('Stored here', 'details.message .life');
  assert.equal((await channel.checkQueue('made-here')).messageCount, 1);
});

await check('searches-by-key-and-text', async () => {
  await go('#/queues/%2F/orders?tab=messages');
  await page.waitForSelector('details.message');
  await fill('Contains', '"id":1030', 'main');
  await press('Browse', 'main form');
  await page.waitForFunction(() => document.querySelectorAll('details.message').length === 1);
});

await check('tells-why-a-queue-waits', async () => {
  await go('#/queues/%2F/orders?tab=why');
  await see('packing-1', '.causes');
  await see('5 of at most 5', '.causes');
});

await check('tells-who-holds-a-message', async () => {
  await go('#/queues/%2F/orders?tab=messages');
  await page.waitForSelector('details.message');
  await page.evaluate(() => [...document.querySelectorAll('details.message')]
    .find((it) => it.textContent.includes('unacknowledged')).querySelector('summary').click());
  await see('packing-1', 'details.message[open]');
});

await check('asks-how-many-before-a-purge', async () => {
  await go('#/queues/%2F/mails');
  await press('Purge', 'main .head');
  await page.waitForSelector('dialog[open]');
  await see('40 ready messages', 'dialog');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('dialog'));
  assert.equal((await channel.checkQueue('mails')).messageCount, 40);
  await press('Purge', 'main .head');
  await press('Purge 40 messages', 'dialog');
  await see('The queue was purged.', '#announcer');
  assert.equal((await channel.checkQueue('mails')).messageCount, 0);
});

await check('redrives-dead-letters-after-a-preview', async () => {
  await go('#/dead-letters');
  await press('Redrive the letters of orders.failed', 'main');
  await see('rejected', 'main');
  await press('Preview the redrive', 'main');
  await see('6 messages of orders to orders', '.note');
  assert.equal((await channel.checkQueue('orders.failed')).messageCount, 6);
  await press('Redrive now', 'main');
  await see('6 messages moved', '#announcer');
  assert.equal((await channel.checkQueue('orders.failed')).messageCount, 0);
  await see('No dead letters wait here.', 'main');
});

await check('draws-the-graph-of-bindings', async () => {
  await go('#/exchanges?view=graph');
  await page.waitForSelector('.graph svg path.edge');
  assert.ok((await text('.graph')).includes('order.paid'));
});

await check('shows-the-lag-of-a-group-and-resets-it', async () => {
  await go('#/groups/reporting');
  await see('clicks-0', 'main');
  await see('60', 'main tbody');
  await press('Reset offsets', 'main');
  await press('Preview', 'dialog');
  await see('reads 40 again', 'dialog');
  await press('Reset now', 'dialog');
  await see('2 offsets were reset.', '#announcer');
  await see('100', 'main tbody');
});

await check('browses-a-topic', async () => {
  await go('#/topics/clicks?partition=1');
  await page.waitForSelector('details.message');
  assert.ok((await text('main')).includes('user'));
});

await check('cancels-a-delayed-message', async () => {
  await go('#/delayed');
  await page.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 3);
  await (await page.waitForSelector('main tbody button')).click();
  await press('Cancel the message', 'dialog');
  await page.waitForFunction(() => document.querySelectorAll('main tbody tr').length === 2);
});

await check('follows-a-job', async () => {
  const made = await fetch(`${root}jobs/reports`, { method: 'POST', body: '{"month":5}', headers: { authorization: `Basic ${btoa('guest:guest')}`, 'content-type': 'application/json' } });
  assert.equal(made.status, 202);
  const { id } = await made.json();
  await go('#/jobs');
  await press(id, 'main');
  await see('queued', 'main .head');
  const taken = await channel.get('reports');
  await see('running', 'main .head');
  channel.ack(taken);
  await see('succeeded', 'main .head');
});

await check('closes-a-connection', async () => {
  const other = await amqp.connect(`amqp://guest:guest@${amqpAddress}`);
  other.on('error', () => {});
  const closed = new Promise((resolve) => {
    other.on('close', resolve);
  });
  const name = `127.0.0.1:${other.connection.stream.localPort} -> ${amqpAddress}`;
  await go('#/connections');
  await press(`Close ${name}`, 'main');
  await press('Close the connection', 'dialog');
  await closed;
});

await check('manages-users-and-policies', async () => {
  await go('#/users');
  await press('New user', 'main');
  await fill('Name', 'viewer', 'dialog');
  await fill('Password', 'secret', 'dialog');
  await fill('Tags', 'management', 'dialog');
  await press('Create', 'dialog');
  await see('viewer', 'main tbody');
  await go('#/policies');
  await press('New policy', 'main');
  await fill('Name', 'short', 'dialog');
  await fill('Names that match', '^tmp', 'dialog');
  await press('Save', 'dialog');
  await see('^tmp', 'main tbody');
});

await check('shows-the-settings-in-force', async () => {
  await go('#/settings?name=amqp.listener');
  await see('amqp.listener', 'main tbody');
});

await check('every-page-fits-a-phone-and-is-well-formed', async () => {
  for (const hash of ['overview', 'queues', 'queues/%2F/orders', 'queues/%2F/orders?tab=messages', 'queues/%2F/orders?tab=publish', 'exchanges',
    'exchanges?view=graph', 'exchanges/%2F/shop', 'topics', 'topics/clicks', 'groups', 'groups/reporting', 'delayed', 'dead-letters', 'jobs', 'connections', 'channels', 'consumers', 'users', 'vhosts', 'policies', 'settings', 'nothing']) {
    await page.setViewport({ width: 375, height: 780 });
    await go(`#/${hash}`);
    await pause(300);
    const facts = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - window.innerWidth,
      mains: document.querySelectorAll('main').length,
      headings: document.querySelectorAll('h1').length,
      problem: document.querySelector('[role="alert"].note')?.textContent ?? '',
      unnamed: [...document.querySelectorAll('button')].filter((it) => !(it.textContent.trim() || it.getAttribute('aria-label'))).length,
      unlabelled: [...document.querySelectorAll('input, select, textarea')].filter((it) => it.labels.length === 0).length,
    }));
    const wanted = { wide: 0, mains: 1, headings: 1, problem: '', unnamed: 0, unlabelled: 0 };
    assert.ok(JSON.stringify(facts) === JSON.stringify(wanted), `${hash}: ${JSON.stringify(facts)}`);
  }
  await page.setViewport({ width: 1280, height: 860 });
});

await check('switches-the-theme', async () => {
  const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await colour();
  await press('Switch to the dark theme', 'header');
  assert.notEqual(await colour(), light);
  await press('Switch to the light theme', 'header');
  await page.evaluate(() => localStorage.clear());
});

if (shots) {
  for (let i = 0; i < 12; i += 1) {
    channel.publish('shop', `order.${kinds[i % 3]}`, Buffer.from(JSON.stringify({ id: 2000 + i, customer: `c${i}`, amount: i, items: ['lamp'] })), { contentType: 'application/json' });
    channel.reject(await channel.get('orders'), false);
  }
  await shot('overview', '#/overview', { wait: 14000 });
  await shot('dark', '#/overview', { scheme: 'dark', wait: 5000 });
  await shot('phone', '#/queues/%2F/orders', { width: 375, height: 780 });
  await shot('why', '#/queues/%2F/orders?tab=why', { height: 560 });
  await shot('message', '#/queues/%2F/orders.failed?tab=messages', { height: 1000,
    prepare: async () => (await page.waitForSelector('details.message summary')).click() });
  await shot('graph', '#/exchanges?view=graph', { height: 560 });
  await shot('redrive', '#/dead-letters/%2F/orders.failed', { height: 620,
    prepare: () => press('Preview the redrive', 'main') });
  await shot('group', '#/groups/reporting', { height: 560 });
}

await check('refuses-what-the-user-may-not-do', async () => {
  await go('#/overview');
  await see('Overview', 'main h1');
  await press('Log out', 'header');
  await page.waitForSelector('#user');
  await logIn('viewer', 'secret');
  await see('Overview', 'main h1');
  assert.ok(!(await text('nav')).includes('Users'));
  quiet = true;
  await go('#/users');
  await see('Not administrator user', 'main');
  quiet = false;
});

await check('a-session-ends-with-the-logout', async () => {
  await press('Log out', 'header');
  await page.waitForSelector('#user');
  await page.reload();
  await page.waitForSelector('#user');
});

await check('makes-no-noise', async () => assert.equal(noise.join(' | '), ''));

await browser.close();
await producer.disconnect();
await admin.disconnect();
await connection.close();
process.exit(failures === 0 ? 0 : 1);
