check	id > 0
check	id > 0 and t <> 'x'
check	id > 0 and t <> 'x' and b
check	id > 0 or b or not b
check	not (id > 0)
check	id between 1 and 10
check	id not between 1 and 10
check	id between symmetric 1 and 10
check	id in (1,2,3)
check	id not in (1,2,3)
check	t in ('a','b')
check	v in ('a','b')
check	v = 'x'
check	c = 'x'
check	nm = 'x'
check	v like 'a%'
check	t not ilike 'a%' escape '\'
check	t similar to 'a%'
check	t ~ '^[a-z]+$'
check	length(t) < 10
check	char_length(v) <= 10
check	i8 > 5
check	i8 > 5000000000
check	n > 0
check	n > 0.5
check	n > -0.5
check	n2 >= 0::numeric(10,2)
check	f8 > 0
check	f8 > 1.5
check	f4 > 1.5
check	i2 > 0
check	i2 + 1 > 2
check	id = -1
check	id = - 1
check	-id = 1
check	id = '5'
check	d > '2020-01-01'
check	ts > '2020-01-01'
check	tstz > '2020-01-01 00:00:00+00'
check	iv > '1 day'
check	tm > '12:00'
check	d > ts
check	b
check	b is true
check	b is not unknown
check	b = true
check	id is null
check	id is not null
check	id is distinct from 5
check	id is not distinct from 5
check	t is not distinct from null
check	case when id > 0 then true else false end
check	case id when 1 then b when 2 then not b end
check	case t when 'a' then true end
check	(case when b then 1 else 2 end) = 1
check	coalesce(id, 0) > 0
check	coalesce(t, 'x') = 'y'
check	coalesce(v, 'x') = 'y'
check	nullif(id, 0) is not null
check	greatest(id, 5) > least(i8, 6)
check	ia[1] = 1
check	ia[1:2] = array[1,2]
check	(array[1,2])[1] = 1
check	id = any(ia)
check	id = all(array[1,2])
check	id = any('{1,2}')
check	t = any(array['a','b'])
check	v = any(array['a','b'])
check	ta @> array['x']
check	array[id, 1] = ia
check	array[]::int[] = ia
check	row(id, t) = row(1, 'x')
check	(id, t) < (1, 'x')
check	(id, t) <> (1, 'x')
check	row(id, t) is null
check	lower(t) = t
check	lower(v) = v
check	upper(nm) = 'X'
check	id::text = '1'
check	id::int8 = 1
check	id::numeric(10,2) = 1
check	t::varchar(5) = 'x'
check	t::int > 0
check	'5'::int = id
check	'5'::text = t
check	'abc'::varchar(2) = v
check	1::int8 = i8
check	n2::int = 1
check	ta::int[] = ia
check	ia::text[] = ta
check	jb ? 'a'
check	jb -> 'a' is not null
check	jb ->> 'a' = 'b'
check	jb @> '{"a": 1}'
check	t || 'x' = 'y'
check	t || id = 'y'
check	id % 2 = 0
check	id ^ 2 > 1
check	@ id > 1
check	~ id > 1
check	id << 2 > 1
check	extract(year from d) > 2000
check	extract(epoch from iv) > 0
check	date_part('year', d) > 2000
check	ts at time zone 'UTC' > '2020-01-01'
check	tstz at time zone 'UTC' > '2020-01-01'
check	substring(t from 1 for 2) = 'a'
check	substring(t from 2) = 'a'
check	substring(t, 2) = 'a'
check	position('a' in t) > 0
check	overlay(t placing 'x' from 1 for 2) = 'a'
check	trim(t) = t
check	trim(both 'x' from t) = t
check	trim(leading from t) = t
check	trim(trailing 'x' from v) = v
check	(d, d) overlaps (d, d)
check	t collate "C" > 'x'
check	t is normalized
check	current_user = 'x'
check	concat(t, id) = 'x'
check	concat_ws(',', t, v) = 'x'
check	jsonb_extract_path(jb, 'a', 'b') is null
check	make_interval(days => 3) > iv
check	make_interval(1) > iv
check	round(n, 2) = n
check	abs(id) = id
check	b and (id > 0 or t = 'x') and not b
check	(b and b) or (b and not b)
check	true
check	null
check	1 = 1
check	'a' < 'b'
check	t = 'it''s'
check	t = E'a\\b\n'
check	by = '\x00ff'
check	u = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'
check	bc = 'a'
check	o = 5
check	"id" > "i2"
check	regexp_replace(t, 'a', 'b', 'g') = 'x'
check	starts_with(t, 'x')
check	date_trunc('day', ts) = ts
check	age(ts, ts) > '1 day'
check	ts + '1 day' > ts
check	ts - ts > '1 day'
check	d + 1 > d
check	d - d > 1
check	id / 2 > 1
check	id / 2.0 > 1
check	i8 * id > 1
check	f8 * id > 1
check	n * id > 1
check	t1.id > 0
check	t1 is null
check	(t1).id > 0
check	va[1] = 'x'
check	tz > '12:00+00'
check	iv3 > '1 day'
check	id > 0 is true
default int4	1
default int4	-1
default int4	'5'
default int4	1+1
default int4	1.5
default int4	5000000000
default int4	abs(-1)
default int8	1
default int8	5000000000
default int2	1
default numeric	1
default numeric	1.5
default numeric	-1.5
default numeric	1e10
default numeric(10,2)	1
default numeric(10,2)	1.55
default numeric(10,2)	'1.55'
default float8	1.5
default float8	1
default float4	'1.5'
default text	'x'
default text	'x'::varchar
default text	1::text
default text	current_user
default text	md5('a')
default text	'a' || 'b'
default varchar(10)	'x'
default varchar(10)	'x'::text
default varchar	'x'
default char(5)	'x'
default "char"	'x'
default name	'x'
default bool	true
default bool	'f'
default date	'2020-01-01'
default date	current_date
default date	now()
default timestamp	now()
default timestamp	current_timestamp
default timestamp	localtimestamp
default timestamp(3)	now()
default timestamptz	now()
default timestamptz	current_timestamp
default timestamptz	current_timestamp(3)
default timestamptz	now() + interval '1 day'
default timestamptz	now() + '1 day'
default timestamptz	timezone('utc', now())
default time	localtime
default interval	'1 day'
default interval	interval '1' year
default uuid	gen_random_uuid()
default uuid	'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'
default bytea	'\x00'
default json	'{}'
default jsonb	'{}'
default jsonb	'{"a":1}'::jsonb
default int4[]	'{1,2}'
default int4[]	array[1,2]
default int4[]	array[]::int[]
default int4[]	'{}'
default text[]	'{}'
default text[]	array['a','b']
default varchar(3)[]	array['a','b']
default oid	1
default int8	extract(epoch from now())
default int4	extract(epoch from now())::int
default text	to_char(now(), 'YYYY')
default text	coalesce(null, 'x')
default text	case when true then 'a' else 'b' end
default int4	(random() * 100)::int
default float8	random()
default text	upper('x')
default bit(3)	B'101'
default bit varying(5)	B'101'
