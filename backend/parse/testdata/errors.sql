selec 1
select
select from where
select 1 +
select (1
select 1)
select 'abc
select "abc
select ""
select 1 as
select é é é é selec
select 'é' 'ü' from from
/* unterminated
select /* a /* b */ 1
select $$abc
select $a$abc$b$
select E'\u12'
select E'\uD800'
select E'\xZZ'
select E'\'
select U&'\zzzz'
select U&'\00'
select U&'\D800'
select U&'a' uescape '+'
select U&"\zzzz"
select B'12'
select X'1G'
select b'1
select 1abc
select 1.5abc
select 1e
select 1e+
select 0x1g
select 100_000_
select :a
select a b c
select * from
select * from t where
select * from t order
select * from t order by
select * from t group by
select * from t limit
select * from t limit 1, 2
select * from t limit 1 limit 2
select * from t offset 1 offset 2
select * from t order by a order by b
select * from t fetch first 1 rows with ties
select 1 for update for update skip
(select 1 order by 1) order by 2
(select 1 limit 1) limit 2
with a as (select 1) (with b as (select 2) select 3)
select a.*.b
select a.b.*.c
select (a).*.b
insert into t values
insert into t (a values (1)
insert into t default
update t set
update t set a
update t set a = 
update set a = 1
delete t
delete from
create table
create table t
create table t (
create table t (a)
create table t (a int,)
create table t (a int b)
create table t (a int primary)
create table t (a int default)
create table t (a int check)
create table t (a int null not)
create table t (a int references)
create table t (a int constraint)
create table t (a int deferrable initially foo)
create table t (a int check (a>0) deferrable)
create table t (check (a>0) initially deferred not deferrable)
create table t (a int unique not deferrable initially deferred)
create table t (foreign key (a) references b match partial)
create table t (a int references b match partial)
create assertion a check (true)
create index on
create index on t
create index on t (a b c d)
create view v
create view v as
create view v as insert into t values (1)
create recursive view v(a) as select 1 with check option
create function f() returns
create function f(a int, out variadic b int) language sql
create aggregate a (out int) (sfunc = x, stype = y)
create operator +
create role
create role r foo
create role r connection limit
create user r password
alter table
alter table t
alter table t add
alter table t drop
alter table t alter
alter table t alter column a type
alter role r foo
alter system set
drop
drop table
drop table if
grant
grant select
grant select on
grant foo on t to
revoke
set
set a
set a =
set a to
set time zone
set time zone interval '1' year
set time zone interval(3) '1' second
set transaction
set transaction isolation level
set transaction isolation level foo
begin isolation level read
commit foo
rollback to
savepoint
release
show
copy
copy t
copy t from
copy t to stdout with (
copy (select 1) from stdin
explain
explain analyze
explain (foo
prepare
prepare a
prepare a as
execute
deallocate
declare
declare c cursor
declare c scroll no scroll cursor for select 1
fetch
fetch foo bar baz
close
truncate
vacuum (
analyze (
lock
listen
notify
comment on
comment on table t
comment on table t is
reindex
cluster foo bar baz
create sequence
create sequence s increment
create sequence s cycle foo
create type
create type t as
create type t as enum
create type t as enum (
create domain
create domain d
create schema
create extension
create trigger
create trigger t before insert on x execute
create database
create database d with foo
drop database
select interval '1' foo
select interval '1' second(3)(4)
select interval(3) '1' second(2)
select 1::
select cast(1 as)
select cast(1)
select case end
select case when 1 end
select case when 1 then 2
select array[1
select a[1
select a between 1
select a between 1 and
select a in
select a in ()
select a in (1,)
select not
select a is
select a is not
select a is distinct
select a like
select a like b escape
select extract(year d)
select extract(from d)
select substring(a from)
select trim(both)
select position(a b)
select overlay(a placing b)
select count(distinct)
select count(*, 1)
select f(variadic)
select f(a => )
select f(a := 1, b)
select sum(a) over
select sum(a) over (
select sum(a) over (rows)
select sum(a) over (rows between 1 preceding)
select sum(a) over (rows unbounded following)
select sum(a) over (rows between current row and 1 preceding)
select sum(a) over (rows between unbounded following and current row)
select sum(a) over (rows between current row and unbounded preceding)
select sum(a) over (rows between 1 following and current row)
select sum(a) over (rows between 1 following and 1 preceding)
select sum(a) over (rows 1 following)
select sum(a) filter
select sum(a) filter (a)
select sum(distinct a) within group (order by a)
select f(a order by b) within group (order by c)
select f(variadic a) within group (order by c)
select a from t, 
select a from t join
select a from t join b
select a from t natural
select a from t cross join b on true
select a from t left b
select a from (select 1
select a from values (1)
select a from t tablesample
select a from t as
select a from f() as (a)
select a from t for
select a union
select a union all all select b
select 1 where
select distinct on a
select all distinct a
select into
select a into from t
values
values ()
values (1), 
values 1
table
with a select 1
with a as select 1
with a as ()
with recursive
on conflict
insert into t values (1) on conflict
insert into t values (1) on conflict do
insert into t values (1) on conflict (a)
insert into t values (1) on conflict do update
insert into t values (1) returning
merge into t using
select 1;;select
select 1; select 2 3 4
select 1; selec 2
é; select
  selec
-- comment
selec
select 'a' from é where é é é
@
#
select 1 @@@@@
select a !
select 1 = > 2
select != 
select <> 1
\d
select \
{
select {fn now()}
select 1 ? 2 ?
select current_timestamp()
select current_date(1)
select operator(+)
select 1 operator(a.b) 2
select 1 operator(.) 2
select a.1
select .a
select 1..2
select 'a' 'b'
select xmlelement()
select localtime(
select user.a
select default
select null null null
create table t (like)
create table t (a serial primary key unique foo)
create table pg_catalog.a.b.c.d (x int)
select * from a.b.c.d
drop table a.b.c.d
select nextval('a'
create policy
alter default
do
do language
call
call f
security label
import
refresh
discard
load
checkpoint foo
reset
alter table t alter a set statistics
alter table t alter a set storage
create table t as
create table t (a int) as
create temp
create temp view
create global
create unlogged
create or
create or replace
create or replace table t (a int)
