select 1 from t1 where count(*) > 1
select 1 from t1 where sum(id) over () > 1
select 1 from t1 where generate_series(1,2) = 1
select 1 from t1 where id
select 1 from t1 where 'x'
select 1 from t1 where null
select 1 from t1 where $1
select 1 from t1 group by count(*)
select 1 from t1 group by sum(id) over ()
select id from t1 group by t
select id, count(*) from t1
select id, t from t1 group by id
select t, count(*) from t1 group by 1
select t, count(*) from t1 group by 3
select t as x, count(*) from t1 group by x
select count(*) from t1 having count(*) > 1
select count(*) from t1 having id > 1
select count(*) from t1 having 1
select count(*) from t1 having sum(id) over () > 1
select count(*) from t1 order by count(*)
select id from t1 order by count(*)
select id from t1 order by j
select id from t1 order by 2
select id from t1 order by 'x'
select id from t1 order by t using <
select id from t1 order by t using ~
select id from t1 order by t using =
select distinct j from t1
select distinct on (id) t from t1 order by t
select 1 from t1 limit 'x'
select 1 from t1 limit 1.5
select 1 from t1 limit id
select 1 from t1 limit count(*)
select 1 from t1 limit t
select 1 from t1 limit (select 1)
select 1 from t1 offset true
select 1 from t1 limit $1 offset $2
select 1 from t1 join t2 on count(*) > 1
select 1 from t1 join t2 on id
select 1 from t1 join t2 on t1.id = t2.a and sum(t1.id) over () > 1
select 1 from generate_series(1, 3) g
select g from generate_series(1, 3) g
select * from generate_series(1, count(*))
select * from lower('x')
select * from count(*)
select * from abs(generate_series(1,2))
select * from row_number() over ()
values (count(*))
values (1),(count(*))
values (1),('x')
values (1),(2.5),('3')
values (null),('x')
values (generate_series(1,2))
values (generate_series(1,2)),(3)
values ($1),(2)
select 1 union select 'x'
select 1 union select 2.5
select null union select 1
select 'a' union select 'b'
select null union select null union select 1
select v from t1 union select v from t1
select v from t1 union select t from t1
select n2 from t1 union all select n2 from t1
select j from t1 union select j from t1
select j from t1 union all select j from t1
select 1 union select 1, 2
select $1 union select 1
select $1 union select $2
insert into t2 values (1, 'x')
insert into t2 values ('1', 2)
insert into t2 values ('x', 'x')
insert into t2 values (1.5, 'x')
insert into t2 values (true, 'x')
insert into t2 values ($1, $2)
insert into t2 values (count(*), 'x')
insert into t2 values (sum(1) over (), 'x')
insert into t2 values (generate_series(1,2), 'x')
insert into t2 values (default, default)
insert into t2 select id, t from t1
insert into t2 select t, id from t1
insert into t2 select $1, $2
insert into t2 select 'a', 'b'
insert into t2 (a) values (1, 2)
insert into t2 (a, b) values (1)
insert into t2 (a, a) values (1, 2)
insert into t2 (nope) values (1)
update t2 set a = 'x'
update t2 set a = b
update t2 set a = 1.5
update t2 set a = true
update t2 set a = count(*)
update t2 set a = sum(a) over ()
update t2 set a = generate_series(1,2)
update t2 set a = $1 where b = $2
update t2 set a = a + $1
update t2 set (a, b) = (1, 'x')
update t2 set (a, b) = (select 1, 'x')
update t2 set nope = 1
update t2 set a = default
delete from t2 where a = $1
delete from t2 where count(*) > 1
delete from t2 where a
delete from t2 returning count(*)
delete from t2 returning a + $1
insert into t2 values (1,'x') returning sum(a) over ()
select sum(id) over w from t1 window w as (order by t)
select sum(id) over w from t1 window w as (order by t), w as (order by id)
select sum(id) over (w order by id) from t1 window w as (order by t)
select sum(id) over (w partition by id) from t1 window w as (order by t)
select sum(id) over (w) from t1 window w as (order by t rows unbounded preceding)
select sum(id) over (w order by id) from t1 window w as (partition by t)
select sum(id) over (nope) from t1
select sum(id) over (order by j) from t1
select sum(id) over (partition by j) from t1
select sum(id) over (order by count(*)) from t1
select sum(count(*)) over (order by t) from t1 group by t
select rank() over (order by sum(id)) from t1 group by t
select (select count(t1.id)) from t1
select (select count(t1.id) from t2) from t1
select (select count(t1.id + t2.a) from t2) from t1
select (select sum(count(t1.id)) from t2) from t1
select (select max(id) from t2 where a = max(id)) from t1
select 1 from t1 where id = (select count(t1.id))
select 1 from t1 where id in (select count(*) from t2)
select 1 from t1 group by id having exists (select 1 from t2 where a = count(t1.t))
select array_agg(t order by id) from t1
select string_agg(distinct t, ',' order by t, id) from t1
select count(*) filter (where id > (select 1)) from t1
select count(distinct (id, t)) from t1
select max(row(1,2))
select coalesce((select a from t2), 'x')
select case when exists(select 1) then 1 end
select x from (select 'a' as x) s
select x + 1 from (select '1' as x) s
select x || 1 from (values ('a')) s(x)
select x + 1 from (values (1),(2)) s(x)
with a as (select 'x' as x) select x from a
with a as (select $1 as x) select x + 1 from a
select * from (select $1) s(x)
select 1 from t1 where (id, t) in (values (1, 'x'))
select 1 from t1 where id in (values ('1'))
select 1 from t1 where id in (values ($1))
select 1 from t1 where exists (select count(*) from t2 having count(*) > $1)
select 1 where $1 = any('{1,2}')
select 1 where 1 = any($1)
select 1 where $1 = any($2)
select 1 from t1 where id = $1 and t = $2 and i8 = $1
select 1 from t1 where id = $1 and t = $1
select $1::int4, $1
select $1, $1::int4
select $2
select now() + $1
select now() + $1::interval
select $1 + $2
select $1 between 1 and 2
select $1 is true
select not $1
select $1 and $2
select coalesce($1, 'x')
select case when $1 then 1 end
select case $1 when 1 then 2 end
select greatest($1, $2, 1)
select array[$1, $2]
select row($1, 1)
select $1[1]
select ($1)::int[]
select ($1::int[])[1]
select -$1
select $1 || 'x'
select $1 || 1
select $1 like 'a'
select lower($1) || upper($2)
select to_char($1, 'x')
select to_char(now(), $1)
select extract(year from $1)
select date_trunc('day', $1)
select substring($1 from 1 for $2)
select $1 at time zone 'UTC'
select limit from t1
