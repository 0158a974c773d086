// The least that Koa takes for a page of this size: one route, a text that is ready.
import Koa from 'koa';

const page = `<!doctype html><title>Bare</title><p>${'x'.repeat(1_000)}</p>`;
const app = new Koa();
app.use((ctx) => {
  ctx.type = 'text/html; charset=utf-8';
  ctx.body = page;
});
app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('bare Koa is listening'));
