select max(v), min(v) from (values (1.0),(1.000),(1.00)) t(v);
select max(v), min(v) from (values (array[1.0]),(array[1.00])) t(v);
select max(v), min(v) from (values (interval $$1 day$$),($$24:00:00$$)) t(v);
-- measures
SELECT array_length('{1,2,3}'::int[], 1), array_length('{1,2,3}'::int[], 2), array_length('{}'::int[], 1), array_length('{{1,2},{3,4},{5,6}}'::int[], 1), array_length('{{1,2},{3,4}}'::int[], 2), array_length('{1}'::int[], 0), array_length(null::int[], 1), array_length('{1}'::int[], null);
SELECT array_lower('[5:7]={1,2,3}'::int[], 1), array_upper('[5:7]={1,2,3}'::int[], 1), array_lower('{}'::int[], 1), array_upper('{1,2}'::text[], 1), array_ndims('{{1},{2}}'::int[]), array_ndims('{}'::int[]), cardinality('{{1,2},{3,4}}'::int[]), cardinality('{}'::int[]), array_dims('[0:1][2:3]={{1,2},{3,4}}'::int[]), array_dims('{}'::int[]);
SELECT array_length(array['a','b'], 1), cardinality(array[null, null]), array_ndims(array[array[1]]);
-- building
SELECT array_append(array[1,2], 3), array_append(null::int[], 1), array_append('{}'::int[], null), array_append(array['a'], 'b'), array_append('[0:1]={1,2}'::int[], 3), array_append(array[1], 2.5), array_append(array[1,2], null);
SELECT array_prepend(0, array[1,2]), array_prepend(1, null::int[]), array_prepend(null, array[1]), array_prepend('z', array['a']), array_prepend(9, '[0:1]={1,2}'::int[]), array_prepend(9, '[5:6]={1,2}'::int[]);
SELECT array_append('{{1}}'::int[], 2);
SELECT array_prepend(2, '{{1}}'::int[]);
SELECT array_cat(array[1,2], array[3]), array_cat(null, array[1]), array_cat(array[1], null), array_cat('{}'::int[], array[1]), array_cat(array[1], '{}'::int[]), array_cat('{{1,2}}'::int[], '{{3,4}}'::int[]), array_cat('{{1,2}}'::int[], '{3,4}'::int[]), array_cat('{1,2}'::int[], '{{3,4}}'::int[]), array_cat('{}'::int[], '{}'::int[]), array_cat(null::int[], null::int[]), array_cat('[0:1]={1,2}'::int[], '{3}'::int[]);
SELECT array_cat('{{1,2}}'::int[], '{{1,2,3}}'::int[]);
SELECT array_cat('{{1,2}}'::int[], '{1}'::int[]);
SELECT array_cat('{1}'::int[], '{{{1}}}'::int[]);
SELECT array[1,2] || array[3], array[1] || 2, 0 || array[1], array[1] || null::int, array['a'] || 'b'::text, 'a'::text || array['b'], array[1] || array[2.5], '{}'::int[] || 1, array[1] || '{2,3}', null::int[] || 1;
SELECT array['a'] || 'b';
SELECT array[1] || 'x';
SELECT array_fill(7, array[3]), array_fill(null::int, array[2]), array_fill('x'::text, array[2,2]), array_fill(1, array[2], array[5]), array_fill(1, '{}'::int[]), array_fill(1, array[0]), array_fill(0, array[2,0]);
SELECT array_fill(1, null::int[]);
SELECT array_fill(1, array[null]::int[]);
SELECT array_fill(1, array[2], array[1,2]);
SELECT array_fill(1, array[-1]);
SELECT array_fill(1, array[[1]]);
SELECT array_fill(1, array[2], array[null]::int[]);
SELECT array_fill(1, array[1,1,1,1,1,1,1]);
SELECT array_fill(1, array[1000000, 1000000]);
SELECT trim_array(array[1,2,3], 2), trim_array(array[1,2], 2), trim_array(array[1,2], 0), trim_array('[5:7]={1,2,3}'::int[], 1), trim_array('{{1,2},{3,4}}'::int[], 1), trim_array('{}'::int[], 0);
SELECT trim_array(array[1,2], 3);
SELECT trim_array(array[1,2], -1);
-- search
SELECT array_position(array[1,2,3,2], 2), array_position(array[1,2,3,2], 2, 3), array_position(array[1,2], 9), array_position(array[1,null], null), array_position(null::int[], 1), array_position('[5:6]={1,2}'::int[], 2), array_position(array['a','b'], 'b'), array_position('{}'::int[], 1), array_position(array[1,2], 1, -5);
SELECT array_position(array[1], 1, null);
SELECT array_position('{{1}}'::int[], 1);
SELECT array_positions(array[1,2,1], 1), array_positions(array[1,2], 9), array_positions(array[1,null,null], null), array_positions(null::int[], 1), array_positions('[0:2]={1,2,1}'::int[], 1);
SELECT array_positions('{{1}}'::int[], 1);
SELECT array_remove(array[1,2,1], 1), array_remove(array[1,1], 1), array_remove(array[1,null], null), array_remove(array[1], 9), array_remove(null::int[], 1), array_remove('[5:7]={1,2,1}'::int[], 1), array_remove(array['a','b'], 'a');
SELECT array_remove('{{1}}'::int[], 1);
SELECT array_replace(array[1,2,1], 1, 9), array_replace(array[1,null], null, 0), array_replace(array[1,2], 2, null), array_replace('{{1,2},{2,1}}'::int[], 1, 9), array_replace(null::int[], 1, 2), array_replace(array[1.0, 1.00], 1, 2);
-- text
SELECT array_to_string(array[1,2,3], ','), array_to_string(array[1,null,3], ','), array_to_string(array[1,null,3], ',', '*'), array_to_string('{}'::int[], ','), array_to_string('{{1,2},{3,4}}'::int[], '-'), array_to_string(array['a','b'], ''), array_to_string(null::int[], ','), array_to_string(array[1], null), array_to_string(array[1.50, 2]::numeric[], '; '), array_to_string(array[true,false], ','), array_to_string(array['2024-01-01'::date], ',');
SELECT string_to_array('a,b,,c', ','), string_to_array('abc', null), string_to_array('a,b', ''), string_to_array('', ','), string_to_array('', ''), string_to_array(null, ','), string_to_array('a,b,NULL', ',', 'NULL'), string_to_array('a,b,', ',', ''), string_to_array('xx~~yy~~zz', '~~', 'yy'), string_to_array('héé', null);
SELECT string_to_array('1,2,3', ',')::int[], array_to_string(string_to_array('a b c', ' '), '+');
-- comparison and containment
SELECT array[1,2] = array[1,2], array[1,2] <> array[1,3], array[1,2] < array[1,3], array[1,2] < array[1,2,0], array[2] > array[1,9], array[1,null] = array[1,null], array[1,null] > array[1,9], '{}'::int[] < array[1], '[0:1]={1,2}'::int[] = array[1,2], '{{1,2}}'::int[] = array[1,2], array['a'] < array['b'], array[1.0] = array[1.00];
SELECT array[1,2] < array[1,2,3] AND array[1,2] <= array[1,2], '[0:1]={1,2}'::int[] < array[1,2], '{{1,2}}'::int[] > array[1,2], btarraycmp(array[1], array[2]), array_larger(array[1], array[2]), array_smaller(array['a'], array['b']);
SELECT array[1,2,3] @> array[3,1], array[1,2] @> array[1,1], array[1] @> '{}'::int[], '{}'::int[] @> array[1], array[1,null] @> array[null]::int[], array[1,2] <@ array[1,2,3], '{{1,2},{3,4}}'::int[] @> array[4], array[1,2] && array[2,3], array[1] && array[2], array[null]::int[] && array[null]::int[], '{}'::int[] && array[1], array['a','b'] @> array['b'], array['a'] && '{a,c}';
SELECT array[1] = array['a'];
SELECT array[1] = array[1::bigint];
SELECT array['x'::json] = array['x'::json];
SELECT array_position(array['1'::json], '1'::json);
SELECT a FROM (VALUES (array[3]), (array[1,2]), ('{}'::int[]), (array[1]), (null), (array[1,null])) t(a) ORDER BY a;
SELECT a, count(*) FROM (VALUES (array['x']), (array['x']), (array['y'])) t(a) GROUP BY a ORDER BY a DESC;
SELECT max(a), min(a) FROM (VALUES (array[3]), (array[1,2]), (array[10])) t(a);
SELECT width_bucket(5, array[1,3,5,7]), width_bucket(0, array[1,3]), width_bucket(2.5, array[1.0,2.0,3.0]), width_bucket('b'::text, array['a','c']);
SELECT width_bucket(1, array[1,null]);
SELECT width_bucket(1, '{{1}}'::int[]);
-- subscripts
SELECT (array[1,2,3])[2], (array[1,2,3])[5], ('{{1,2},{3,4}}'::int[])[2][1], ('{{1,2},{3,4}}'::int[])[2], (array[1,2,3])[2:3], (array[1,2,3])[:2], ('[5:7]={1,2,3}'::int[])[6:], ('{{1,2},{3,4}}'::int[])[1:1][2:2], (array[1,2])[null], (array[1,2,3])[3:1], (null::int[])[1];
SELECT 2 = ANY (array[1,2]), 3 = ANY (array[1,2]), 3 = ANY (array[1,null]), 1 = ALL (array[1,1]), 1 < ALL ('{}'::int[]), 1 = ANY ('{}'::int[]), 1 = ANY (null::int[]), 'a' = ANY ('{a,b}'), 5 > ANY ('{{9,8},{4,7}}'::int[]);
SELECT array(SELECT x FROM generate_series(1,3) x ORDER BY x DESC), array(SELECT 1 WHERE false), array(SELECT array[x,x] FROM generate_series(1,2) x);
-- aggregates
SELECT array_agg(x), array_agg(x ORDER BY x DESC), array_agg(x) FILTER (WHERE x > 2) FROM generate_series(1,3) x;
SELECT array_agg(v), array_agg(DISTINCT v) FROM (VALUES ('b'), ('a'), (null), ('b')) t(v);
SELECT array_agg(array[x, x * 2]) FROM generate_series(1,3) x;
SELECT array_agg(x) FROM generate_series(1,0) x;
SELECT array_agg(v) FROM (VALUES (array[1]), (array[1,2])) t(v);
SELECT array_agg(v) FROM (VALUES (array[1]), (null)) t(v);
SELECT array_agg(v) FROM (VALUES ('{}'::int[])) t(v);
SELECT x, array_agg(x) OVER (ORDER BY x), array_agg(x) OVER (ORDER BY x ROWS 1 PRECEDING) FROM generate_series(1,3) x ORDER BY x;
-- unnest and subscripts as rows
SELECT * FROM unnest(array[1,2,3]);
SELECT * FROM unnest(array['a',null,'c']) AS t(v);
SELECT unnest('{{1,2},{3,4}}'::int[]);
SELECT unnest('{}'::int[]), unnest(null::text[]);
SELECT unnest(array[1,2]), unnest(array['a','b','c']);
SELECT v, n FROM unnest(array['x','y']) WITH ORDINALITY AS t(v, n) ORDER BY n;
SELECT * FROM unnest(array[1,2], array['a','b','c']) AS t(a, b);
SELECT * FROM generate_subscripts(array['a','b'], 1);
SELECT i, ('[4:5]={a,b}'::text[])[i] FROM generate_subscripts('[4:5]={a,b}'::text[], 1, true) AS i ORDER BY i DESC;
SELECT * FROM generate_subscripts('{{1,2,3}}'::int[], 2) AS s;
SELECT * FROM generate_subscripts('{}'::int[], 1);
SELECT * FROM generate_subscripts(array[1], 3);
SELECT (information_schema._pg_expandarray(array['a','b'])).n;
SELECT sum(v) FROM unnest(array[1.5, 2.5]) v;
-- catalogs' vectors
SELECT indkey, indkey[0], array_length(indkey, 1), array_lower(indkey, 1), indoption FROM pg_index WHERE indexrelid = 'pg_attribute_relid_attnum_index'::regclass;
SELECT 1 = ANY ('1 2'::int2vector), '1 2'::int2vector::int2[], ('1 2 3'::oidvector)[1], '1 2'::oidvector = '1 2'::oidvector, '1 2'::oidvector < '1 3'::oidvector, array_to_string('1 2 3'::int2vector, ','), unnest('7 8'::oidvector);
-- tables
CREATE TABLE arr (id int PRIMARY KEY, i int[], t text[]);
INSERT INTO arr VALUES (1, '{1,2,3}', '{a,b}'), (2, '{}', null), (3, array[10], array['x',null]);
SELECT id, i[1], t[2], i || 99 FROM arr ORDER BY id;
SELECT id FROM arr WHERE 2 = ANY (i) OR 'x' = ANY (t) ORDER BY id;
SELECT id, x FROM arr, unnest(i) AS x ORDER BY id, x;
SELECT id, x, n FROM arr, unnest(t) WITH ORDINALITY AS u(x, n) ORDER BY id, n;
UPDATE arr SET i = array_append(i, id) WHERE id <= 2;
UPDATE arr SET i[2] = 50 WHERE id = 1;
SELECT id, i, cardinality(t) FROM arr ORDER BY i, id;
SELECT id FROM arr WHERE i @> array[1] OR i && array[10] ORDER BY id;
