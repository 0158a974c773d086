// The naive sender, as a product's own webhooks begin: one insert, the answer, one signed post, one update. No retry, no history.
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import Koa from 'koa';
import mongoose from 'mongoose';
import { Agent, request } from 'undici';

interface Sent {
  _id: string;
  type: string;
  data: object;
  status: 'pending' | 'delivered' | 'failed';
  created_at: Date;
}

const { PORT: port, MONGODB_URI: uri = '', RECEIVER_URL: target = '' } = process.env;
// The product's own settings: what is answered is on disk.
const mongo = await mongoose.mongo.MongoClient.connect(uri, { w: 'majority', journal: true, maxPoolSize: 50 });
const events = mongo.db().collection<Sent>('events');
const agent = new Agent({ keepAliveTimeout: 60_000 });
const secret = randomBytes(32);

async function deliver({ _id, type, data, created_at: at }: Sent): Promise<void> {
  const body = JSON.stringify({ id: _id, type, timestamp: at.toISOString(), data });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`${_id}.${timestamp}.${body}`).digest('base64');
  const signed = { 'webhook-id': _id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  const headers = { 'content-type': 'application/json', ...signed };
  const answer = await request(target, { dispatcher: agent, method: 'POST', headers, body });
  await answer.body.dump();
  await events.updateOne({ _id }, { $set: { status: answer.statusCode < 300 ? 'delivered' : 'failed' } });
}

const app = new Koa();
app.use(async (ctx) => {
  const { type, data } = JSON.parse(await text(ctx.req)) as Pick<Sent, 'type' | 'data'>;
  const event: Sent = { _id: `evt_${randomUUID()}`, type, data, status: 'pending', created_at: new Date() };
  await events.insertOne(event);
  ctx.status = 202;
  ctx.body = { events: [{ id: event._id }] };
  ctx.res.once('finish', () => void deliver(event));
});
app.listen(Number(port), '127.0.0.1', () => console.log('naive sender is listening'));
process.once('SIGTERM', () => process.exit(0));
