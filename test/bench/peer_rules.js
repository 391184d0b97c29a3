// peer_rules.js - node peer_rules.js [SECONDS]: what bench_rules.c does, judged the usual way: paths split and needles folded each time.
'use strict';
const RULES = 50, SITUATIONS = 64, limit = Number(process.argv[2] || 1);

const rule = i => [
	() => ({ field: `lead.custom.f${i % 30}`, operator: 'contains', value: `Globex${i}` }),
	() => ({ field: `counts.n${i % 10}`, operator: 'greater_than', value: 100 + i }),
	() => ({ operator: 'and', conditions: [{ field: `lead.custom.f${i % 30}`, operator: 'equals', value: 'x' },
		{ field: 'counts.n1', operator: 'less_than', value: 5 }] }),
	() => ({ field: `lead.custom.f${i % 30}`, operator: 'in', value: ['a', 'b', 'c', 'd'] }),
	() => ({ operator: 'or', conditions: [{ field: 'counts.n2', operator: 'greater_than', value: 900 },
		{ field: `lead.custom.f${i % 40}`, operator: 'exists' }] }),
][i % 5]();

function situation(n) {
	const custom = {}, counts = {};
	for (let i = 0; i < 30; i++)
		custom[`f${i}`] = `Some Company ${i * n} of ${i} Ltd`;
	for (let i = 0; i < 10; i++)
		counts[`n${i}`] = (i * 37 + n) % 120;
	return { lead: { custom }, counts };
}

const at = (o, path) => path.split('.').reduce((x, key) => x?.[key], o);

function judge(c, s) {
	switch (c.operator) {
	case 'and': return c.conditions.every(k => judge(k, s));
	case 'or': return c.conditions.some(k => judge(k, s));
	}
	const v = at(s, c.field);
	switch (c.operator) {
	case 'equals': return v === c.value;
	case 'contains': return v != null && String(v).toLowerCase().includes(String(c.value).toLowerCase());
	case 'greater_than': return v != null && Number(v) > Number(c.value);
	case 'less_than': return v != null && Number(v) < Number(c.value);
	case 'in': return c.value.includes(v);
	case 'exists': return v != null;
	}
	throw new Error(c.operator);
}

const rules = [], situations = [];
for (let i = 0; i < RULES; i++)
	rules.push(rule(i));
for (let i = 0; i < SITUATIONS; i++)
	situations.push(situation(i));
let done = 0, matched = 0;
const start = process.hrtime.bigint();
let t = 0;
while (t < limit) {
	for (const s of situations)
		for (const r of rules)
			matched += judge(r, s) ? 1 : 0;
	done += RULES * SITUATIONS;
	t = Number(process.hrtime.bigint() - start) / 1e9;
}
console.log(`${(done / t).toFixed(0)} judgements/s (${(t * 1e9 / done).toFixed(1)} ns each), ${matched / (done / (RULES * SITUATIONS))} matched a round`);
