package sqltest

import (
	"math/rand/v2"
	"strings"
)

// grammar makes random statements about documents, arrays, paths and windows. {x} stands for one of the alternatives of x, the first of
// which lead to no more braces of their own kind: they are taken when it gets deep. {x?} is now and then NULL.
var grammar = map[string][]string{
	"statement": {"SELECT {expr} AS x", "SELECT {expr} AS x", "SELECT {expr} AS x", "SELECT {path query} AS x",
		"SELECT id, {window} AS x FROM wf{where} ORDER BY id"},
	"expr": {
		"{json} -> {key}", "{json} ->> {key}", "{json} -> {int}", "{json} ->> {int}", "{json} #> {steps}", "{json} #>> {steps}",
		"{jsonb?} -> {key}", "{jsonb} ->> {key}", "{jsonb} -> {int}", "{jsonb} ->> {int}", "{jsonb} #> {steps}", "{jsonb} #>> {steps}",
		"{jsonb} @> {jsonb}", "{jsonb} <@ {jsonb}", "{jsonb} ? {key}", "{jsonb} ?| {texts}", "{jsonb} ?& {texts}", "{jsonb} || {jsonb}",
		"{jsonb} - {key}::text", "{jsonb} - {int}", "{jsonb} - {texts}", "{jsonb} #- {steps}", "{jsonb} {compare} {jsonb}",
		"jsonb_set({jsonb?}, {steps}, {jsonb}, {bool})", "jsonb_insert({jsonb}, {steps}, {jsonb}, {bool})",
		"jsonb_set_lax({jsonb}, {steps}, {jsonb?}, {bool}, {lax})", "{j}_typeof({jval}{j})", "json_strip_nulls({json})", "jsonb_strip_nulls({jsonb})",
		"json_array_length({json})", "jsonb_array_length({jsonb})", "jsonb_pretty({jsonb})", "{json}::jsonb", "{jsonb}::{scalar}",
		"to_json({any})", "to_jsonb({any})", "{j}_build_object({anys})", "{j}_build_array({anys})", "{j}_object({texts})", "{j}_object({texts}, {texts})",
		"(SELECT string_agg(coalesce(x::text, '~'), '|') FROM json_array_elements({json}) x)",
		"(SELECT string_agg(coalesce(x, '~'), '|') FROM jsonb_array_elements_text({jsonb}) x)",
		"(SELECT string_agg(key || '=' || coalesce(value::text, '~'), '|') FROM jsonb_each({jsonb}))",
		"(SELECT string_agg(key || '=' || coalesce(value, '~'), '|') FROM json_each_text({json}))",
		"(SELECT string_agg(k, '|') FROM json_object_keys({json}) k)", "(SELECT {j}_agg(x) FROM unnest({array}) x)",
		"(SELECT row(a, b, c) FROM json_to_record({json}) AS x(a {element}, b {element}, c text))",
		"(SELECT array_agg(a::text || coalesce(b::text, '~')) FROM jsonb_to_recordset({jsonb}) AS x(a {element}, b {element}))",
		"array_append({ints}, {int?})", "array_prepend({word?}::text, {texts})", "array_cat({ints}, {ints})", "{array} || {array}",
		"array_length({array}, {int})", "array_lower({array}, {int})", "array_upper({array}, {int})", "array_ndims({array})", "array_dims({array})",
		"cardinality({array})", "array_position({ints}, {int?})", "array_position({ints}, {int}, {int})", "array_positions({texts}, {word?})",
		"array_remove({ints}, {int?})", "array_replace({ints}, {int}, {int?})", "array_to_string({array}, {word})", "array_to_string({array}, {word}, {word})",
		"string_to_array('a,b,,c,a', {word})", "string_to_array('a,b,,c,a', ',', {word})", "array_fill({int}, ARRAY[{int}])",
		"array_fill({word}::text, ARRAY[{int}, {int}], ARRAY[{int}, {int}])", "trim_array({array}, {int})",
		"{ints} {compare} {ints}", "{texts} {compare} {texts}", "{ints} @> {ints}", "{texts} && {texts}", "({array})[{int}]", "({array})[{int}:{int}]",
		"({ints})[:{int}][{int}:]", "{int} {compare} ANY ({ints})", "{word}::text {compare} ALL ({texts})", "{array}::text", "{ints}::text[]",
		"(SELECT array_agg(x) FROM generate_subscripts({array}, {int}, {bool}) x)", "(SELECT array_agg(x) FROM generate_series({int}, {int}, {int}) x)",
		"(SELECT array_agg(v) FROM (VALUES ({ints}), ({ints})) t(v))", "(SELECT max(v) FROM (VALUES ({ints}), ({ints})) t(v))",
		"array_to_json({array}, {bool})", "row_to_json(ROW({any}, {any}), {bool})", "hash_array({ints})", "jsonb_hash({jsonb})",
	},
	"j": {"json", "jsonb"}, "bool": {"true", "false"}, "compare": {"=", "<>", "<", "<=", ">", ">="}, "lax": {"'delete_key'", "'use_json_null'", "'return_target'", "'raise_exception'"},
	"scalar": {"int", "numeric", "float8", "bool", "bigint", "real", "smallint"}, "element": {"int", "text", "numeric", "jsonb", "json", "int[]", "text[]", "bool"},
	"int":  {"0", "1", "2", "3", "-1", "-2", "5", "10", "-10"},
	"word": {"'a'", "'b'", "''", "'x y'", "'é'", "'\"q\"'", "'\\\\'", "'1'", "'null'", "','", "'{'"},
	"key":  {"'a'", "'b'", "'aa'", "''", "'k k'", "'é'", "'0'"},
	"step": {"'a'", "'b'", "'0'", "'1'", "'-1'", "'aa'", "'-5'", "'7'", "'k k'"},
	"any": {"{int}", "{word}::text", "{json}", "{jsonb}", "{ints}", "{texts}", "{bool}", "1.50", "1e20::float8", "'NaN'::float8", "'2024-02-29'::date",
		"'2024-02-29 12:34:56.789'::timestamp", "'1 day'::interval", "NULL::int", "1.1::real", "'abc'::char(5)", "ROW({int}, {word})"},
	"anys":  {"{any}", "{any}, {any}", "{any}, {any}, {any}, {any}", "{word}, {any}", "{word}, {any}, {word}, {any}"},
	"steps": {"ARRAY[{step}]", "ARRAY[{step}, {step}]", "ARRAY[{step}, {step}, {step}]", "ARRAY[{step}, {step?}]::text[]", "'{}'::text[]"},
	"array": {"{ints}", "{texts}", "ARRAY[{numeric}, {numeric?}]::numeric[]", "'[2:3]={1,2}'::int[]"}, "numeric": {"1", "1.0", "1.50", "-2.5", "'NaN'"},
	"ints":  {"ARRAY[{int}]::int[]", "ARRAY[{int}, {int?}, {int}]", "ARRAY[{int}, {int}]", "'{}'::int[]", "ARRAY[[{int}, {int}], [{int}, {int?}]]", "'[-1:1]={3,NULL,2}'::int[]"},
	"texts": {"ARRAY[{word}]::text[]", "ARRAY[{word}, {word?}]::text[]", "ARRAY[{key}, {key}, {key}]::text[]", "'{}'::text[]"},
	"json":  {"{jval}json"}, "jsonb": {"{jval}jsonb"}, "jval": {"'{doc}'::"},
	"doc":  {"{leaf}", "{leaf}", "[{docs}]", "{{fields}}", "[{docs}]", "{{fields}}"},
	"docs": {"", "{leaf}", "{doc},{doc}", "{doc}, {doc} , {doc}"}, "fields": {"", "{name}:{leaf}", "{name}: {doc}", "{name}:{doc},{name} : {doc}", "{name}:{doc}, {name}:{doc}, {name}:{leaf}"},
	"name": {`"a"`, `"b"`, `"aa"`, `"c"`, `""`, `"k k"`, `"é"`, `"a"`},
	"leaf": {"1", "1.0", "1.50", "-0", "1e3", "1E-2", "100000000000000000000", "true", "false", "null", `"a"`, `"b"`, `""`, `"x y"`, `"\u00e9"`, `"q\"q"`, `"1"`, "0", "-1.5", `"\n"`},
	"path query": {"jsonb_path_query_array({path args})", "jsonb_path_query_first({path args})", "jsonb_path_exists({path args})", "jsonb_path_match({path args})",
		"{jsonb} @? '{path}'", "{jsonb} @@ '{path}'", "'{path}'::jsonpath"},
	"path args": {"{jsonb}, '{path}', {vars}, {bool}"}, "vars": {"'{}'", `'{"x": "a", "y": 1}'`, `'{"x": 1, "y": [1, 2]}'`},
	"path":       {"{mode}${accessors}", "{mode}${accessors}", "{mode}${accessors}", "{mode}${accessors} {arithmetic} {constant}", "{mode}${accessors} {order} {constant}"},
	"mode":       {"", "", "lax ", "strict ", "strict "},
	"accessors":  {"{accessor}", "", "{accessor}{accessor}", "{accessor}{accessor}{accessor}"},
	"accessor":   {".a", ".b", ".aa", `."k k"`, "[*]", "[0]", "[last]", "[0 to 1]", ".*", ".**", ".**{1}", ".size()", ".type()", ".abs()", ".double()", ".floor()", " ? ({test})", " ? ({test})"},
	"constant":   {"1", "2", "0", "-1", "1.5", `"a"`, `""`, "true", "null", "$x", "$y"},
	"arithmetic": {"+", "-", "*", "/", "%"}, "order": {"==", "!=", "<", ">", "<=", ">="},
	"operand": {"@{accessors}", "{constant}", "@{accessors} {arithmetic} {constant}", "-@{accessors}", "${accessors}"},
	"test": {"@ {order} {constant}", "{operand} {order} {operand}", `@{accessors} starts with "a"`, `@{accessors} like_regex "^[ab]" flag "i"`, "exists (@{accessors})",
		"!({test})", "({test}) is unknown", "({test}) && ({test})", "({test}) || ({test})"},
	"where": {"", " WHERE v IS NOT NULL", " WHERE id < 9"},
	"window": {"{by row} OVER ({partition} ORDER BY {column}{direction}, id{rows})", "{by row} OVER ({partition} ORDER BY {column}{direction}, id{rows})",
		"{by peers} OVER ({partition} ORDER BY {column}{direction}{peers})", "{by peers} OVER ({partition} ORDER BY {number}{direction} RANGE {range}{exclude})", "{by peers} OVER ({partition})"},
	"by row": {"row_number()", "ntile(3)", "lag(v)", "lead(t)", "lag(n, 2)", "lead(v, 1, id)", "lag(t, 2, g)", "lead(v, id % 4 - 1)", "first_value(v)", "last_value(t)", "nth_value(n, 2)",
		"string_agg(t, ',')", "array_agg(v)", "json_agg(n)", "sum(n)", "sum(v)", "avg(v)", "count(t)", "max(n)"},
	"by peers": {"rank()", "dense_rank()", "percent_rank()", "cume_dist()", "count(*)", "sum(v)", "sum(n)", "avg(n)", "min(t)", "max(d)", "bool_and(v > 2)", "bit_or(v)",
		"count(*) FILTER (WHERE v > 3)", "var_pop(v)"},
	"partition": {"", "PARTITION BY g", "PARTITION BY v"}, "column": {"v", "f", "n", "t", "d", "g"}, "number": {"v", "id", "f"},
	"direction": {"", " DESC", " NULLS FIRST", " DESC NULLS LAST"}, "exclude": {"", "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"},
	"rows":  {"", " ROWS UNBOUNDED PRECEDING{exclude}", " ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING{exclude}", " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING{exclude}", " ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING"},
	"peers": {"", " RANGE UNBOUNDED PRECEDING", " GROUPS 1 PRECEDING{exclude}", " GROUPS BETWEEN 1 PRECEDING AND 2 FOLLOWING{exclude}", " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"},
	"range": {"1 PRECEDING", "BETWEEN 2 PRECEDING AND CURRENT ROW", "BETWEEN 1 PRECEDING AND 3 FOLLOWING", "BETWEEN 1 FOLLOWING AND 4 FOLLOWING"},
}

// derive expands a symbol of the grammar.
func derive(r *rand.Rand, symbol string, depth int) string {
	symbol, nullable := strings.CutSuffix(symbol, "?")
	if nullable && r.IntN(8) == 0 {
		return "NULL"
	}
	choices := grammar[symbol]
	n := len(choices)
	if depth > 7 {
		n = 1
	}
	text := choices[r.IntN(n)]
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if _, known := grammar[strings.TrimSuffix(name, "?")]; !closed || !known {
			// A brace of the statement itself.
			b.WriteString("{")
			text = rest
			continue
		}
		b.WriteString(derive(r, name, depth+1))
		text = after
	}
}
