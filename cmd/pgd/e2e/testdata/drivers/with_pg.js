// A small conversation through node-postgres: prints what came back. The argument is the connection as JSON.
const fs = require('fs')
const { Client } = require('pg')

async function main() {
	const config = JSON.parse(process.argv[2])
	if (config.ssl) for (const k of ['ca', 'cert', 'key']) if (config.ssl[k]) config.ssl[k] = fs.readFileSync(config.ssl[k])
	const c = new Client(config)
	await c.connect()
	const show = (v) => v instanceof Date ? v.toISOString() : Buffer.isBuffer(v) ? 'bytes ' + v.toString('hex') : JSON.stringify(v)
	await c.query("SET TimeZone = 'UTC'")
	const values = [
		['bool', true], ['int2', -32768], ['int4', 2147483647], ['int8', '9007199254740993'], ['float4', 1.5], ['float8', 0.1],
		['numeric', '12345.67890123456789012345678901'], ['text', 'Grüße, 日本 \\ \' "'], ['varchar(3)', 'abc'], ['char(5)', 'ab'],
		['bytea', Buffer.from([0, 255, 92])], ['uuid', '12345678-1234-5678-1234-567812345678'], ['date', '2024-02-29'],
		['time', '23:59:59.999999'], ['timestamp', '2024-02-29 12:34:56.789'], ['timestamptz', new Date(Date.UTC(2024, 1, 29, 12, 34, 56))],
		['interval', '3 days 00:00:04'], ['json', { a: [1, null, 'x'] }], ['jsonb', { b: 2, a: 1.5 }], ['int4[]', [1, null, 3]],
		['text[]', ['a', null, 'c "d"']], ['text', null], ['int4', null],
	]
	for (const [type, value] of values) {
		const r = await c.query(`SELECT $1::${type} AS v`, [value])
		console.log(type, r.fields[0].dataTypeID, show(r.rows[0].v))
	}
	await c.query('CREATE TEMP TABLE d (id serial PRIMARY KEY, word text UNIQUE, n numeric(8,2))')
	let r = await c.query('INSERT INTO d (word, n) VALUES ($1, $2), ($3, $4) RETURNING id, n', ['one', 1.5, 'two', null])
	console.log(r.command, r.rowCount, JSON.stringify(r.rows))
	for (let i = 0; i < 3; i++) {
		r = await c.query({ name: 'by-id', text: 'SELECT word FROM d WHERE id = $1', values: [i] })
		console.log(JSON.stringify(r.rows))
	}
	r = await c.query({ text: 'SELECT id, word FROM d ORDER BY id', rowMode: 'array' })
	console.log(JSON.stringify(r.rows))
	await c.query('BEGIN')
	await c.query('DELETE FROM d')
	await c.query('ROLLBACK')
	try {
		await c.query("INSERT INTO d (word) VALUES ('one')")
	} catch (e) {
		console.log(e.code, e.message, e.detail, e.constraint, e.table)
	}
	r = await c.query('SELECT 1 AS a; SELECT 2 AS b')
	console.log(JSON.stringify(r.map((x) => x.rows)))
	try {
		await c.query('SELECT 1/0')
	} catch (e) {
		console.log(e.code, e.severity, e.message)
	}
	try {
		await c.query('SELECT nothing FROM d')
	} catch (e) {
		console.log(e.code, e.position, e.message)
	}
	await c.end()
}

main().catch((e) => { console.error(e); process.exit(1) })
