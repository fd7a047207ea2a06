-- Definitions of the views of pg_catalog: each gives the columns its heading names; columns of the view that are not named are NULL.
-- What has no definition here is a view of something pgd does not have, and gives no rows.

-- view pg_roles(rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolconnlimit, rolpassword, rolvaliduntil, rolbypassrls, rolconfig, oid)
SELECT a.rolname, a.rolsuper, a.rolinherit, a.rolcreaterole, a.rolcreatedb, a.rolcanlogin, a.rolreplication, a.rolconnlimit, '********',
  a.rolvaliduntil, a.rolbypassrls, s.setconfig, a.oid
FROM pg_catalog.pg_authid a LEFT JOIN pg_catalog.pg_db_role_setting s ON a.oid = s.setrole AND s.setdatabase = 0

-- view pg_shadow(usename, usesysid, usecreatedb, usesuper, userepl, usebypassrls, valuntil, useconfig)
SELECT a.rolname, a.oid, a.rolcreatedb, a.rolsuper, a.rolreplication, a.rolbypassrls, a.rolvaliduntil, s.setconfig
FROM pg_catalog.pg_authid a LEFT JOIN pg_catalog.pg_db_role_setting s ON a.oid = s.setrole AND s.setdatabase = 0
WHERE a.rolcanlogin

-- view pg_user(usename, usesysid, usecreatedb, usesuper, userepl, usebypassrls, passwd, valuntil, useconfig)
SELECT usename, usesysid, usecreatedb, usesuper, userepl, usebypassrls, '********', valuntil, useconfig FROM pg_catalog.pg_shadow

-- view pg_group(groname, grosysid, grolist)
SELECT a.rolname, a.oid, ARRAY(SELECT m.member FROM pg_catalog.pg_auth_members m WHERE m.roleid = a.oid)
FROM pg_catalog.pg_authid a WHERE NOT a.rolcanlogin

-- view pg_tables(schemaname, tablename, tableowner, tablespace, hasindexes, hasrules, hastriggers, rowsecurity)
SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), t.spcname, c.relhasindex, c.relhasrules, c.relhastriggers, c.relrowsecurity
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
WHERE c.relkind IN ('r', 'p')

-- view pg_views(schemaname, viewname, viewowner, definition)
SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.pg_get_viewdef(c.oid)
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v'

-- view pg_matviews(schemaname, matviewname, matviewowner, tablespace, hasindexes, ispopulated, definition)
SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), t.spcname, c.relhasindex, c.relispopulated, pg_catalog.pg_get_viewdef(c.oid)
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
WHERE c.relkind = 'm'

-- view pg_indexes(schemaname, tablename, indexname, tablespace, indexdef)
SELECT n.nspname, c.relname, i.relname, t.spcname, pg_catalog.pg_get_indexdef(i.oid)
FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = i.reltablespace
WHERE c.relkind IN ('r', 'm', 'p') AND i.relkind IN ('i', 'I')

-- view pg_sequences(schemaname, sequencename, sequenceowner, data_type, start_value, min_value, max_value, increment_by, cycle, cache_size, last_value)
SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), s.seqtypid::pg_catalog.regtype, s.seqstart, s.seqmin, s.seqmax, s.seqincrement, s.seqcycle,
  s.seqcache, CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT,USAGE') THEN pg_catalog.pg_sequence_last_value(c.oid::pg_catalog.regclass) END
FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S'

-- view pg_rules(schemaname, tablename, rulename, definition)
SELECT n.nspname, c.relname, r.rulename, pg_catalog.pg_get_ruledef(r.oid)
FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN'

-- view pg_settings(name, setting, unit, category, short_desc, extra_desc, context, vartype, source, min_val, max_val, enumvals, boot_val, reset_val, sourcefile, sourceline, pending_restart)
SELECT a.name, a.setting, a.unit, a.category, a.short_desc, a.extra_desc, a.context, a.vartype, a.source, a.min_val, a.max_val, a.enumvals, a.boot_val,
  a.reset_val, a.sourcefile, a.sourceline, a.pending_restart
FROM pg_catalog.pg_show_all_settings() AS a

-- view pg_locks(locktype, database, relation, page, tuple, virtualxid, transactionid, classid, objid, objsubid, virtualtransaction, pid, mode, granted, fastpath, waitstart)
SELECT l.locktype, l.database, l.relation, l.page, l.tuple, l.virtualxid, l.transactionid, l.classid, l.objid, l.objsubid, l.virtualtransaction, l.pid, l.mode,
  l.granted, l.fastpath, l.waitstart
FROM pg_catalog.pg_lock_status() AS l

-- view pg_cursors(name, statement, is_holdable, is_binary, is_scrollable, creation_time)
SELECT c.name, c.statement, c.is_holdable, c.is_binary, c.is_scrollable, c.creation_time FROM pg_catalog.pg_cursor() AS c

-- view pg_prepared_statements(name, statement, prepare_time, parameter_types, from_sql, generic_plans, custom_plans)
SELECT p.name, p.statement, p.prepare_time, p.parameter_types, p.from_sql, p.generic_plans, p.custom_plans FROM pg_catalog.pg_prepared_statement() AS p

-- view pg_timezone_names(name, abbrev, utc_offset, is_dst)
SELECT z.name, z.abbrev, z.utc_offset, z.is_dst FROM pg_catalog.pg_timezone_names() AS z

-- view pg_timezone_abbrevs(abbrev, utc_offset, is_dst)
SELECT z.abbrev, z.utc_offset, z.is_dst FROM pg_catalog.pg_timezone_abbrevs() AS z

-- view pg_available_extensions(name, default_version, installed_version)
SELECT e.extname, e.extversion, e.extversion FROM pg_catalog.pg_extension e

-- view pg_available_extension_versions(name, version, installed, superuser, trusted, relocatable, schema)
SELECT e.extname, e.extversion, true, true, true, e.extrelocatable, n.nspname
FROM pg_catalog.pg_extension e LEFT JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace

-- view pg_stat_activity(datid, datname, pid, leader_pid, usesysid, usename, application_name, client_addr, client_hostname, client_port, backend_start, xact_start, query_start, state_change, wait_event_type, wait_event, state, backend_xid, backend_xmin, query_id, query, backend_type)
SELECT s.datid, d.datname, s.pid, s.leader_pid, s.usesysid, u.rolname, s.application_name, s.client_addr, s.client_hostname, s.client_port, s.backend_start,
  s.xact_start, s.query_start, s.state_change, s.wait_event_type, s.wait_event, s.state, s.backend_xid, s.backend_xmin, s.query_id, s.query, s.backend_type
FROM pg_catalog.pg_stat_get_activity(NULL) AS s LEFT JOIN pg_catalog.pg_database d ON d.oid = s.datid LEFT JOIN pg_catalog.pg_authid u ON u.oid = s.usesysid

-- view pg_stat_ssl(pid, ssl, version, cipher, bits, client_dn, client_serial, issuer_dn)
SELECT s.pid, s.ssl, s.sslversion, s.sslcipher, s.sslbits, s.ssl_client_dn, s.ssl_client_serial, s.ssl_issuer_dn
FROM pg_catalog.pg_stat_get_activity(NULL) AS s WHERE s.client_port IS NOT NULL

-- view pg_stat_gssapi(pid, gss_authenticated, encrypted)
SELECT s.pid, false, false FROM pg_catalog.pg_stat_get_activity(NULL) AS s WHERE s.client_port IS NOT NULL

-- view pg_stat_database(datid, datname, numbackends, xact_commit, xact_rollback, blks_read, blks_hit, tup_returned, tup_fetched, tup_inserted, tup_updated, tup_deleted, conflicts, temp_files, temp_bytes, deadlocks, blk_read_time, blk_write_time, session_time, active_time, idle_in_transaction_time, sessions, sessions_abandoned, sessions_fatal, sessions_killed)
SELECT d.oid, d.datname, (SELECT count(*)::integer FROM pg_catalog.pg_stat_get_activity(NULL) AS a WHERE a.datid = d.oid), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0
FROM pg_catalog.pg_database d

-- view pg_stat_database_conflicts(datid, datname, confl_tablespace, confl_lock, confl_snapshot, confl_bufferpin, confl_deadlock)
SELECT d.oid, d.datname, 0, 0, 0, 0, 0 FROM pg_catalog.pg_database d

-- view pg_stat_bgwriter(checkpoints_timed, checkpoints_req, checkpoint_write_time, checkpoint_sync_time, buffers_checkpoint, buffers_clean, maxwritten_clean, buffers_backend, buffers_backend_fsync, buffers_alloc)
SELECT 0, 0, 0, 0, 0, 0, 0, 0, 0, 0

-- view pg_stat_archiver(archived_count, failed_count)
SELECT 0, 0

-- view pg_stat_wal(wal_records, wal_fpi, wal_bytes, wal_buffers_full, wal_write, wal_sync, wal_write_time, wal_sync_time)
SELECT 0, 0, 0, 0, 0, 0, 0, 0

-- view pg_stat_all_tables(relid, schemaname, relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd, n_tup_del, n_tup_hot_upd, n_live_tup, n_dead_tup, n_mod_since_analyze, n_ins_since_vacuum, vacuum_count, autovacuum_count, analyze_count, autoanalyze_count)
SELECT c.oid, n.nspname, c.relname, 0, 0, CASE WHEN c.relhasindex THEN 0 END, CASE WHEN c.relhasindex THEN 0 END, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm', 'p')

-- view pg_stat_xact_all_tables(relid, schemaname, relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd, n_tup_del, n_tup_hot_upd)
SELECT c.oid, n.nspname, c.relname, 0, 0, CASE WHEN c.relhasindex THEN 0 END, CASE WHEN c.relhasindex THEN 0 END, 0, 0, 0, 0
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm', 'p')

-- view pg_stat_all_indexes(relid, indexrelid, schemaname, relname, indexrelname, idx_scan, idx_tup_read, idx_tup_fetch)
SELECT c.oid, i.oid, n.nspname, c.relname, i.relname, 0, 0, 0
FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm')

-- view pg_statio_all_tables(relid, schemaname, relname, heap_blks_read, heap_blks_hit, idx_blks_read, idx_blks_hit)
SELECT c.oid, n.nspname, c.relname, 0, 0, CASE WHEN c.relhasindex THEN 0 END, CASE WHEN c.relhasindex THEN 0 END
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm')

-- view pg_statio_all_indexes(relid, indexrelid, schemaname, relname, indexrelname, idx_blks_read, idx_blks_hit)
SELECT c.oid, i.oid, n.nspname, c.relname, i.relname, 0, 0
FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 't', 'm')

-- view pg_statio_all_sequences(relid, schemaname, relname, blks_read, blks_hit)
SELECT c.oid, n.nspname, c.relname, 0, 0
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S'

-- part pg_stat_sys_tables of pg_stat_all_tables
-- part pg_stat_user_tables of pg_stat_all_tables
-- part pg_stat_xact_sys_tables of pg_stat_xact_all_tables
-- part pg_stat_xact_user_tables of pg_stat_xact_all_tables
-- part pg_stat_sys_indexes of pg_stat_all_indexes
-- part pg_stat_user_indexes of pg_stat_all_indexes
-- part pg_statio_sys_tables of pg_statio_all_tables
-- part pg_statio_user_tables of pg_statio_all_tables
-- part pg_statio_sys_indexes of pg_statio_all_indexes
-- part pg_statio_user_indexes of pg_statio_all_indexes
-- part pg_statio_sys_sequences of pg_statio_all_sequences
-- part pg_statio_user_sequences of pg_statio_all_sequences

-- view pg_hba_file_rules(line_number, type, database, user_name, address, netmask, auth_method, options, error)
SELECT h.line_number, h.type, h.database, h.user_name, h.address, h.netmask, h.auth_method, h.options, h.error
FROM pg_catalog.pg_hba_file_rules() AS h

-- view pg_ident_file_mappings(line_number, map_name, sys_name, pg_username, error)
SELECT m.line_number, m.map_name, m.sys_name, m.pg_username, m.error
FROM pg_catalog.pg_ident_file_mappings() AS m

-- view pg_file_settings(sourcefile, sourceline, seqno, name, setting, applied, error)
SELECT f.sourcefile, f.sourceline, f.seqno, f.name, f.setting, f.applied, f.error
FROM pg_catalog.pg_show_all_file_settings() AS f
