// Requests to the broker. A session is a cookie that scripts cannot read; what changes something
// also carries the session's secret in a header.

let secret = '';

/** A refused request, with the broker's reason. */
export class Problem extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

const listeners = new Set();

/** Calls a function when the session has ended. */
export function onSignedOut(listener) {
  listeners.add(listener);
}

function reasonOf(status, body) {
  const reason = body && (body.reason ?? body.detail ?? body.error);
  if (Array.isArray(reason)) {
    return reason.join(', ');
  }
  if (reason) {
    return String(reason);
  }
  return status === 404 ? 'Not found' : `The broker answered with status ${status}`;
}

export async function request(method, path, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { 'x-taffrail-csrf': secret || '-', accept: 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, 'The broker does not answer.');
  }
  const text = await answer.text();
  let value = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    value = null;
  }
  if (!answer.ok) {
    if (answer.status === 401 && value?.error === 'not_authorized' && !headers.authorization) {
      secret = '';
      listeners.forEach((listener) => listener());
      throw new Problem(401, 'The session has ended. Please log in again.');
    }
    throw new Problem(answer.status, reasonOf(answer.status, value));
  }
  return value;
}

export const get = (path) => request('GET', path);
export const post = (path, body = {}) => request('POST', path, body);
export const put = (path, body = {}) => request('PUT', path, body);
export const remove = (path) => request('DELETE', path);

function basic(user, password) {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** Logs in; returns the user with its tags. */
export async function logIn(user, password) {
  const session = await request('POST', '/api/taffrail/session', undefined,
    { authorization: basic(user, password) });
  secret = session.csrf;
  return session;
}

/** The session that the browser has already, or null. */
export async function resume() {
  const session = await get('/api/taffrail/session');
  secret = session.csrf ?? '';
  return session.user ? session : null;
}

export async function logOut() {
  await remove('/api/taffrail/session');
  secret = '';
}

/** Parts of a path, encoded. */
export const path = (...parts) => parts.map((part) => encodeURIComponent(part)).join('/');
