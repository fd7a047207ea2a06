-- Definitions of the views of information_schema, in the form pg_catalog.sql explains. Words after an @ stand for expressions used in
-- several: see systemview.go.

-- view information_schema_catalog_name(catalog_name)
SELECT pg_catalog.current_database()

-- view enabled_roles(role_name)
SELECT a.rolname FROM pg_catalog.pg_authid a WHERE pg_catalog.pg_has_role(a.oid, 'USAGE')

-- view applicable_roles(grantee, role_name, is_grantable)
SELECT a.rolname, b.rolname, CASE WHEN m.admin_option THEN 'YES' ELSE 'NO' END
FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_authid a ON a.oid = m.member JOIN pg_catalog.pg_authid b ON b.oid = m.roleid
WHERE pg_catalog.pg_has_role(a.oid, 'USAGE')
UNION
SELECT a.rolname, b.rolname, 'NO'
FROM pg_catalog.pg_database d JOIN pg_catalog.pg_authid a ON a.oid = d.datdba JOIN pg_catalog.pg_authid b ON b.rolname = 'pg_database_owner'
WHERE d.datname = pg_catalog.current_database() AND pg_catalog.pg_has_role(a.oid, 'USAGE')

-- view administrable_role_authorizations(grantee, role_name, is_grantable)
SELECT grantee, role_name, is_grantable FROM information_schema.applicable_roles WHERE is_grantable = 'YES'

-- view schemata(catalog_name, schema_name, schema_owner)
SELECT pg_catalog.current_database(), n.nspname, u.rolname
FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_authid u ON u.oid = n.nspowner
WHERE pg_catalog.pg_has_role(n.nspowner, 'USAGE') OR pg_catalog.has_schema_privilege(n.oid, 'CREATE, USAGE')

-- view tables(table_catalog, table_schema, table_name, table_type, is_insertable_into, is_typed, user_defined_type_catalog, user_defined_type_schema, user_defined_type_name)
SELECT pg_catalog.current_database(), n.nspname, c.relname,
  CASE WHEN c.relpersistence = 't' THEN 'LOCAL TEMPORARY' WHEN c.relkind IN ('r', 'p') THEN 'BASE TABLE' WHEN c.relkind = 'v' THEN 'VIEW' WHEN c.relkind = 'f' THEN 'FOREIGN' END,
  CASE WHEN c.relkind IN ('r', 'p') THEN 'YES' ELSE 'NO' END, 'NO', NULL::name, NULL::name, NULL::name
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'f', 'p') AND @visible

-- view views(table_catalog, table_schema, table_name, view_definition, check_option, is_updatable, is_insertable_into, is_trigger_updatable, is_trigger_deletable, is_trigger_insertable_into)
SELECT pg_catalog.current_database(), n.nspname, c.relname, CASE WHEN pg_catalog.pg_has_role(c.relowner, 'USAGE') THEN pg_catalog.pg_get_viewdef(c.oid) END,
  'NONE', 'NO', 'NO', 'NO', 'NO', 'NO'
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND @visible

-- view columns(table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, @typecolumns, collation_catalog, collation_schema, collation_name, domain_catalog, domain_schema, domain_name, udt_catalog, udt_schema, udt_name, dtd_identifier, is_self_referencing, is_identity, identity_generation, identity_start, identity_increment, identity_maximum, identity_minimum, identity_cycle, is_generated, generation_expression, is_updatable)
SELECT pg_catalog.current_database(), x.nspname, x.relname, x.attname, x.attnum, CASE WHEN x.attgenerated = '' THEN pg_catalog.pg_get_expr(x.adbin, x.attrelid) END,
  CASE WHEN x.attnotnull OR x.typtype = 'd' AND x.typnotnull THEN 'NO' ELSE 'YES' END, @datatype, @typevalues,
  CASE WHEN x.nspcoll IS NOT NULL THEN pg_catalog.current_database() END, x.nspcoll, x.collname,
  CASE WHEN x.typtype = 'd' THEN pg_catalog.current_database() END, CASE WHEN x.typtype = 'd' THEN x.nsptype END, CASE WHEN x.typtype = 'd' THEN x.typname END,
  pg_catalog.current_database(), x.nspbase, x.basename, x.attnum::pg_catalog.text, 'NO', CASE WHEN x.attidentity IN ('a', 'd') THEN 'YES' ELSE 'NO' END,
  CASE x.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END, x.seqstart::pg_catalog.text, x.seqincrement::pg_catalog.text, x.seqmax::pg_catalog.text,
  x.seqmin::pg_catalog.text, CASE WHEN x.seqcycle THEN 'YES' ELSE 'NO' END,
  CASE WHEN x.attgenerated <> '' THEN 'ALWAYS' ELSE 'NEVER' END, CASE WHEN x.attgenerated <> '' THEN pg_catalog.pg_get_expr(x.adbin, x.attrelid) END,
  CASE WHEN x.relkind IN ('r', 'p') THEN 'YES' ELSE 'NO' END
FROM (SELECT n.nspname, c.relname, c.relkind, a.attrelid, a.attname, a.attnum, a.attnotnull, a.attidentity, a.attgenerated, d.adbin, t.typtype, t.typname, t.typnotnull,
    nt.nspname AS nsptype, b.typname AS basename, nb.nspname AS nspbase, b.typelem, b.typlen, co.collname, nco.nspname AS nspcoll,
    CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END AS typid, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS typmod,
    s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcycle
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid JOIN pg_catalog.pg_namespace nt ON nt.oid = t.typnamespace
    JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END JOIN pg_catalog.pg_namespace nb ON nb.oid = b.typnamespace
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND co.collname <> 'default' LEFT JOIN pg_catalog.pg_namespace nco ON nco.oid = co.collnamespace
    LEFT JOIN pg_catalog.pg_depend p ON p.refclassid = 1259 AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum AND p.classid = 1259 AND p.objsubid = 0
      AND p.deptype = 'i' AND a.attidentity <> ''
    LEFT JOIN pg_catalog.pg_sequence s ON s.seqrelid = p.objid
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'f', 'p')
    AND (pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT, INSERT, UPDATE, REFERENCES'))) AS x

-- view attributes(udt_catalog, udt_schema, udt_name, attribute_name, ordinal_position, is_nullable, data_type, @typecolumns, attribute_udt_catalog, attribute_udt_schema, attribute_udt_name, dtd_identifier, is_derived_reference_attribute)
SELECT pg_catalog.current_database(), x.nspname, x.relname, x.attname, x.attnum, CASE WHEN x.attnotnull THEN 'NO' ELSE 'YES' END, @datatype, @typevalues,
  pg_catalog.current_database(), x.nspbase, x.basename, x.attnum::pg_catalog.text, 'NO'
FROM (SELECT n.nspname, c.relname, a.attname, a.attnum, a.attnotnull, b.typname AS basename, nb.nspname AS nspbase, b.typelem, b.typlen, t.typtype,
    CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END AS typid, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS typmod
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END JOIN pg_catalog.pg_namespace nb ON nb.oid = b.typnamespace
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'c'
    AND (pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.has_type_privilege(c.reltype, 'USAGE'))) AS x

-- view domains(domain_catalog, domain_schema, domain_name, data_type, @typecolumns, collation_catalog, collation_schema, collation_name, domain_default, udt_catalog, udt_schema, udt_name, dtd_identifier)
SELECT pg_catalog.current_database(), x.nsptype, x.typname, @datatype, @typevalues,
  CASE WHEN x.nspcoll IS NOT NULL THEN pg_catalog.current_database() END, x.nspcoll, x.collname, x.typdefault, pg_catalog.current_database(), x.nspbase, x.basename, '1'
FROM (SELECT nt.nspname AS nsptype, t.typname, t.typtype, t.typdefault, t.typbasetype AS typid, t.typtypmod AS typmod, b.typname AS basename, nb.nspname AS nspbase,
    b.typelem, b.typlen, co.collname, nco.nspname AS nspcoll
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace nt ON nt.oid = t.typnamespace
    JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype JOIN pg_catalog.pg_namespace nb ON nb.oid = b.typnamespace
    LEFT JOIN pg_catalog.pg_collation co ON co.oid = t.typcollation AND co.collname <> 'default' LEFT JOIN pg_catalog.pg_namespace nco ON nco.oid = co.collnamespace
  WHERE t.typtype = 'd' AND (pg_catalog.pg_has_role(t.typowner, 'USAGE') OR pg_catalog.has_type_privilege(t.oid, 'USAGE'))) AS x

-- view domain_constraints(constraint_catalog, constraint_schema, constraint_name, domain_catalog, domain_schema, domain_name, is_deferrable, initially_deferred)
SELECT pg_catalog.current_database(), nc.nspname, k.conname, pg_catalog.current_database(), n.nspname, t.typname, CASE WHEN k.condeferrable THEN 'YES' ELSE 'NO' END,
  CASE WHEN k.condeferred THEN 'YES' ELSE 'NO' END
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace nc ON nc.oid = k.connamespace JOIN pg_catalog.pg_type t ON t.oid = k.contypid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE pg_catalog.pg_has_role(t.typowner, 'USAGE') OR pg_catalog.has_type_privilege(t.oid, 'USAGE')

-- view table_constraints(constraint_catalog, constraint_schema, constraint_name, table_catalog, table_schema, table_name, constraint_type, is_deferrable, initially_deferred, enforced, nulls_distinct)
SELECT pg_catalog.current_database(), nc.nspname, k.conname, pg_catalog.current_database(), n.nspname, c.relname,
  CASE k.contype WHEN 'c' THEN 'CHECK' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' END,
  CASE WHEN k.condeferrable THEN 'YES' ELSE 'NO' END, CASE WHEN k.condeferred THEN 'YES' ELSE 'NO' END, 'YES',
  CASE WHEN k.contype = 'u' THEN CASE WHEN (SELECT i.indnullsnotdistinct FROM pg_catalog.pg_index i WHERE i.indexrelid = k.conindid) THEN 'NO' ELSE 'YES' END END
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace nc ON nc.oid = k.connamespace JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('c', 'f', 'p', 'u') AND c.relkind IN ('r', 'p') AND @changeable
UNION ALL
SELECT pg_catalog.current_database(), n.nspname, (n.oid::pg_catalog.text || '_' || c.oid::pg_catalog.text || '_' || a.attnum::pg_catalog.text || '_not_null')::pg_catalog.name,
  pg_catalog.current_database(), n.nspname, c.relname, 'CHECK', 'NO', 'NO', 'YES', NULL
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND @changeable

-- view check_constraints(constraint_catalog, constraint_schema, constraint_name, check_clause)
SELECT pg_catalog.current_database(), n.nspname, k.conname, pg_catalog.substr(pg_catalog.pg_get_constraintdef(k.oid), 7)
FROM pg_catalog.pg_constraint k LEFT JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  LEFT JOIN pg_catalog.pg_type t ON t.oid = k.contypid
WHERE k.contype = 'c' AND pg_catalog.pg_has_role(COALESCE(c.relowner, t.typowner), 'USAGE')
UNION ALL
SELECT pg_catalog.current_database(), n.nspname, (n.oid::pg_catalog.text || '_' || c.oid::pg_catalog.text || '_' || a.attnum::pg_catalog.text || '_not_null')::pg_catalog.name,
  a.attname::pg_catalog.text || ' IS NOT NULL'
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND pg_catalog.pg_has_role(c.relowner, 'USAGE')

-- view key_column_usage(constraint_catalog, constraint_schema, constraint_name, table_catalog, table_schema, table_name, column_name, ordinal_position, position_in_unique_constraint)
SELECT pg_catalog.current_database(), nc.nspname, k.conname, pg_catalog.current_database(), n.nspname, c.relname, a.attname,
  pg_catalog.array_position(k.conkey, a.attnum),
  CASE WHEN k.contype = 'f' THEN (SELECT pg_catalog.array_position(u.conkey, k.confkey[pg_catalog.array_position(k.conkey, a.attnum)]) FROM pg_catalog.pg_constraint u
    WHERE u.conindid = k.conindid AND u.conrelid = k.confrelid AND u.contype IN ('p', 'u') LIMIT 1) END
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace nc ON nc.oid = k.connamespace JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
WHERE k.contype IN ('p', 'u', 'f') AND c.relkind IN ('r', 'p') AND NOT a.attisdropped
  AND (pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT, INSERT, UPDATE, REFERENCES'))

-- view constraint_column_usage(table_catalog, table_schema, table_name, column_name, constraint_catalog, constraint_schema, constraint_name)
SELECT pg_catalog.current_database(), n.nspname, c.relname, a.attname, pg_catalog.current_database(), nc.nspname, k.conname
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace nc ON nc.oid = k.connamespace
  JOIN pg_catalog.pg_class c ON c.oid = CASE WHEN k.contype = 'f' THEN k.confrelid ELSE k.conrelid END JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (CASE WHEN k.contype = 'f' THEN k.confkey ELSE k.conkey END)
WHERE k.contype IN ('c', 'p', 'u', 'f') AND c.relkind IN ('r', 'p') AND NOT a.attisdropped AND pg_catalog.pg_has_role(c.relowner, 'USAGE')

-- view constraint_table_usage(table_catalog, table_schema, table_name, constraint_catalog, constraint_schema, constraint_name)
SELECT pg_catalog.current_database(), n.nspname, c.relname, pg_catalog.current_database(), nc.nspname, k.conname
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace nc ON nc.oid = k.connamespace
  JOIN pg_catalog.pg_class c ON c.oid = CASE WHEN k.contype = 'f' THEN k.confrelid ELSE k.conrelid END JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('p', 'u', 'f') AND c.relkind IN ('r', 'p') AND pg_catalog.pg_has_role(c.relowner, 'USAGE')

-- view referential_constraints(constraint_catalog, constraint_schema, constraint_name, unique_constraint_catalog, unique_constraint_schema, unique_constraint_name, match_option, update_rule, delete_rule)
SELECT pg_catalog.current_database(), n.nspname, k.conname, CASE WHEN nu.nspname IS NOT NULL THEN pg_catalog.current_database() END, nu.nspname, u.conname,
  CASE k.confmatchtype WHEN 'f' THEN 'FULL' WHEN 'p' THEN 'PARTIAL' WHEN 's' THEN 'NONE' END, @rule(confupdtype), @rule(confdeltype)
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  LEFT JOIN pg_catalog.pg_constraint u ON u.conindid = k.conindid AND u.conrelid = k.confrelid AND u.contype IN ('p', 'u')
  LEFT JOIN pg_catalog.pg_namespace nu ON nu.oid = u.connamespace
WHERE k.contype = 'f' AND @changeable

-- view sequences(sequence_catalog, sequence_schema, sequence_name, data_type, numeric_precision, numeric_precision_radix, numeric_scale, start_value, minimum_value, maximum_value, increment, cycle_option)
SELECT pg_catalog.current_database(), n.nspname, c.relname, pg_catalog.format_type(s.seqtypid, NULL), CASE s.seqtypid WHEN 21 THEN 16 WHEN 23 THEN 32 ELSE 64 END, 2, 0,
  s.seqstart::pg_catalog.text, s.seqmin::pg_catalog.text, s.seqmax::pg_catalog.text, s.seqincrement::pg_catalog.text, CASE WHEN s.seqcycle THEN 'YES' ELSE 'NO' END
FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'i')
  AND (pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.has_sequence_privilege(c.oid, 'SELECT, UPDATE, USAGE'))

-- view character_sets(character_set_name, character_repertoire, form_of_use, default_collate_catalog, default_collate_schema, default_collate_name)
SELECT 'UTF8', 'UCS', 'UTF8', pg_catalog.current_database(), n.nspname, c.collname
FROM pg_catalog.pg_database d LEFT JOIN pg_catalog.pg_collation c ON c.collcollate = d.datcollate AND c.collctype = d.datctype
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
WHERE d.datname = pg_catalog.current_database()

-- view collations(collation_catalog, collation_schema, collation_name, pad_attribute)
SELECT pg_catalog.current_database(), n.nspname, c.collname, 'NO PAD' FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace

-- view collation_character_set_applicability(collation_catalog, collation_schema, collation_name, character_set_name)
SELECT pg_catalog.current_database(), n.nspname, c.collname, 'UTF8' FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace

-- view routines(specific_catalog, specific_schema, specific_name, routine_catalog, routine_schema, routine_name, routine_type, data_type, type_udt_catalog, type_udt_schema, type_udt_name, dtd_identifier, routine_body, routine_definition, external_name, external_language, parameter_style, is_deterministic, sql_data_access, is_null_call, schema_level_routine, max_dynamic_result_sets, security_type, as_locator, is_udt_dependent)
SELECT pg_catalog.current_database(), n.nspname, (p.proname::pg_catalog.text || '_' || p.oid::pg_catalog.text)::pg_catalog.name, pg_catalog.current_database(), n.nspname, p.proname,
  CASE p.prokind WHEN 'f' THEN 'FUNCTION' WHEN 'p' THEN 'PROCEDURE' END,
  CASE WHEN p.prokind = 'p' THEN NULL WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' WHEN nt.nspname = 'pg_catalog' THEN pg_catalog.format_type(t.oid, NULL) ELSE 'USER-DEFINED' END,
  CASE WHEN nt.nspname IS NOT NULL THEN pg_catalog.current_database() END, nt.nspname, t.typname, CASE WHEN p.prokind <> 'p' THEN '0' END,
  CASE WHEN l.lanname = 'sql' THEN 'SQL' ELSE 'EXTERNAL' END, CASE WHEN pg_catalog.pg_has_role(p.proowner, 'USAGE') THEN p.prosrc END,
  CASE WHEN l.lanname = 'c' THEN p.prosrc END, pg_catalog.upper(l.lanname::pg_catalog.text), 'GENERAL', CASE WHEN p.provolatile = 'i' THEN 'YES' ELSE 'NO' END, 'MODIFIES',
  CASE WHEN p.prokind = 'p' THEN NULL WHEN p.proisstrict THEN 'YES' ELSE 'NO' END, 'YES', 0, CASE WHEN p.prosecdef THEN 'DEFINER' ELSE 'INVOKER' END, 'NO', 'NO'
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  LEFT JOIN pg_catalog.pg_type t ON t.oid = p.prorettype AND p.prokind <> 'p' LEFT JOIN pg_catalog.pg_namespace nt ON nt.oid = t.typnamespace
WHERE pg_catalog.pg_has_role(p.proowner, 'USAGE') OR pg_catalog.has_function_privilege(p.oid, 'EXECUTE')

-- view user_defined_types(user_defined_type_catalog, user_defined_type_schema, user_defined_type_name, user_defined_type_category, is_instantiable, reference_type)
SELECT pg_catalog.current_database(), n.nspname, c.relname, 'STRUCTURED', 'YES', NULL
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'c' AND (pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.has_type_privilege(c.reltype, 'USAGE'))

-- view column_domain_usage(domain_catalog, domain_schema, domain_name, table_catalog, table_schema, table_name, column_name)
SELECT pg_catalog.current_database(), nt.nspname, t.typname, pg_catalog.current_database(), n.nspname, c.relname, a.attname
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid JOIN pg_catalog.pg_namespace nt ON nt.oid = t.typnamespace
WHERE t.typtype = 'd' AND c.relkind IN ('r', 'v', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND pg_catalog.pg_has_role(t.typowner, 'USAGE')

-- view column_udt_usage(udt_catalog, udt_schema, udt_name, table_catalog, table_schema, table_name, column_name)
SELECT pg_catalog.current_database(), nb.nspname, b.typname, pg_catalog.current_database(), n.nspname, c.relname, a.attname
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
  JOIN pg_catalog.pg_namespace nb ON nb.oid = b.typnamespace
WHERE c.relkind IN ('r', 'v', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND pg_catalog.pg_has_role(b.typowner, 'USAGE')

-- view view_table_usage(view_catalog, view_schema, view_name, table_catalog, table_schema, table_name)
SELECT DISTINCT pg_catalog.current_database(), nv.nspname, v.relname, pg_catalog.current_database(), n.nspname, c.relname
FROM pg_catalog.pg_class v JOIN pg_catalog.pg_namespace nv ON nv.oid = v.relnamespace
  JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid JOIN pg_catalog.pg_depend d ON d.classid = 2618 AND d.objid = r.oid AND d.refclassid = 1259 AND d.refobjid <> v.oid
  JOIN pg_catalog.pg_class c ON c.oid = d.refobjid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE v.relkind = 'v' AND c.relkind IN ('r', 'v', 'f', 'p') AND pg_catalog.pg_has_role(c.relowner, 'USAGE')

-- view view_column_usage(view_catalog, view_schema, view_name, table_catalog, table_schema, table_name, column_name)
SELECT DISTINCT pg_catalog.current_database(), nv.nspname, v.relname, pg_catalog.current_database(), n.nspname, c.relname, a.attname
FROM pg_catalog.pg_class v JOIN pg_catalog.pg_namespace nv ON nv.oid = v.relnamespace
  JOIN pg_catalog.pg_rewrite r ON r.ev_class = v.oid JOIN pg_catalog.pg_depend d ON d.classid = 2618 AND d.objid = r.oid AND d.refclassid = 1259 AND d.refobjid <> v.oid
  JOIN pg_catalog.pg_class c ON c.oid = d.refobjid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE v.relkind = 'v' AND c.relkind IN ('r', 'v', 'f', 'p') AND pg_catalog.pg_has_role(c.relowner, 'USAGE')

-- view table_privileges(grantor, grantee, table_catalog, table_schema, table_name, privilege_type, is_grantable, with_hierarchy)
SELECT u.rolname, COALESCE(g.rolname, 'PUBLIC'), pg_catalog.current_database(), n.nspname, c.relname, x.privilege_type,
  CASE WHEN x.is_grantable OR pg_catalog.pg_has_role(x.grantee, c.relowner, 'USAGE') THEN 'YES' ELSE 'NO' END, CASE WHEN x.privilege_type = 'SELECT' THEN 'YES' ELSE 'NO' END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(c.relacl, pg_catalog.acldefault('r', c.relowner))) AS x
  JOIN pg_catalog.pg_authid u ON u.oid = x.grantor LEFT JOIN pg_catalog.pg_authid g ON g.oid = x.grantee
WHERE c.relkind IN ('r', 'v', 'f', 'p') AND x.privilege_type IN ('INSERT', 'SELECT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')
  AND (x.grantee = 0 OR pg_catalog.pg_has_role(u.oid, 'USAGE') OR pg_catalog.pg_has_role(x.grantee, 'USAGE'))

-- view role_table_grants(grantor, grantee, table_catalog, table_schema, table_name, privilege_type, is_grantable, with_hierarchy)
SELECT grantor, grantee, table_catalog, table_schema, table_name, privilege_type, is_grantable, with_hierarchy
FROM information_schema.table_privileges
WHERE grantor IN (SELECT role_name FROM information_schema.enabled_roles) OR grantee IN (SELECT role_name FROM information_schema.enabled_roles)

-- view column_privileges(grantor, grantee, table_catalog, table_schema, table_name, column_name, privilege_type, is_grantable)
SELECT u.rolname, COALESCE(g.rolname, 'PUBLIC'), pg_catalog.current_database(), n.nspname, c.relname, a.attname, x.privilege_type,
  CASE WHEN x.is_grantable OR pg_catalog.pg_has_role(x.grantee, c.relowner, 'USAGE') THEN 'YES' ELSE 'NO' END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
  CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(c.relacl, pg_catalog.acldefault('r', c.relowner)) || a.attacl) AS x
  JOIN pg_catalog.pg_authid u ON u.oid = x.grantor LEFT JOIN pg_catalog.pg_authid g ON g.oid = x.grantee
WHERE c.relkind IN ('r', 'v', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND x.privilege_type IN ('INSERT', 'SELECT', 'UPDATE', 'REFERENCES')
  AND (x.grantee = 0 OR pg_catalog.pg_has_role(u.oid, 'USAGE') OR pg_catalog.pg_has_role(x.grantee, 'USAGE'))

-- view role_column_grants(grantor, grantee, table_catalog, table_schema, table_name, column_name, privilege_type, is_grantable)
SELECT grantor, grantee, table_catalog, table_schema, table_name, column_name, privilege_type, is_grantable
FROM information_schema.column_privileges
WHERE grantor IN (SELECT role_name FROM information_schema.enabled_roles) OR grantee IN (SELECT role_name FROM information_schema.enabled_roles)

-- view routine_privileges(grantor, grantee, specific_catalog, specific_schema, specific_name, routine_catalog, routine_schema, routine_name, privilege_type, is_grantable)
SELECT u.rolname, COALESCE(g.rolname, 'PUBLIC'), pg_catalog.current_database(), n.nspname, (p.proname::pg_catalog.text || '_' || p.oid::pg_catalog.text)::pg_catalog.name,
  pg_catalog.current_database(), n.nspname, p.proname, 'EXECUTE', CASE WHEN x.is_grantable OR pg_catalog.pg_has_role(x.grantee, p.proowner, 'USAGE') THEN 'YES' ELSE 'NO' END
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS x
  JOIN pg_catalog.pg_authid u ON u.oid = x.grantor LEFT JOIN pg_catalog.pg_authid g ON g.oid = x.grantee
WHERE x.grantee = 0 OR pg_catalog.pg_has_role(u.oid, 'USAGE') OR pg_catalog.pg_has_role(x.grantee, 'USAGE')
