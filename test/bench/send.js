// send.js PORT N CONNECTIONS: nodemailer's pool; prints messages a second. NODE_PATH says where nodemailer is.
const nodemailer = require('nodemailer');
const [port, n, connections] = process.argv.slice(2).map(Number);
const pool = nodemailer.createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true, pool: true, maxConnections: connections, maxMessages: Infinity });
const begin = process.hrtime.bigint();
let done = 0, next = 0;
function one() {
	if (next >= n)
		return;
	const i = next++;
	pool.sendMail({ from: 'kim@leadpilot.example', to: `lead${i}@c${i}.example`, subject: `F${i}, a question about Company ${i}`,
		text: `Hi F${i}, how do you handle returns at Company ${i} today?\n` }, (err) => {
		if (err)
			throw err;
		if (++done === n) {
			console.log(Math.round(n / (Number(process.hrtime.bigint() - begin) / 1e9)));
			pool.close();
		}
		one();
	});
}
for (let i = 0; i < 2 * connections; i++)
	one();
