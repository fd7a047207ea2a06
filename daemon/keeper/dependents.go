package keeper

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
)

// handleDepend records what a session's own database says of its objects and roles. Other databases' rows it cannot touch.
func handleDepend(c *channel, who actor, q *handoff.Depend) (any, error) {
	db := c.session.database
	for _, d := range q.Remove {
		err := c.k.store.exec(`DELETE FROM "pg_catalog.pg_shdepend" WHERE dbid = ? AND classid = ? AND objid = ? AND objsubid = ?
			AND refclassid = ? AND (?6 = 0 OR refobjid = ?6) AND (?7 = '' OR deptype = ?7)`,
			db, d.ClassID, d.ObjID, d.ObjSubID, catalog.ClassAuthid, d.RefOID, d.Type)
		if err != nil {
			return nil, err
		}
	}
	for _, d := range q.Add {
		if d.Type != "o" && d.Type != "a" && d.Type != "r" {
			return nil, fmt.Errorf("%w: dependency %.5q", errForbidden, d.Type)
		}
		if who.r.roles[d.RefOID] == nil {
			return nil, pgerr.New(pgerr.UndefinedObject, "role with OID %d does not exist", d.RefOID)
		}
		if d.RefOID == bootstrapSuperuser {
			continue
		}
		err := c.k.store.exec(`INSERT INTO "pg_catalog.pg_shdepend" (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)
			SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (SELECT 1 FROM "pg_catalog.pg_shdepend"
			WHERE dbid = ?1 AND classid = ?2 AND objid = ?3 AND objsubid = ?4 AND refclassid = ?5 AND refobjid = ?6 AND deptype = ?7)`,
			db, d.ClassID, d.ObjID, d.ObjSubID, catalog.ClassAuthid, d.RefOID, d.Type)
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

type elsewhere struct {
	database uint32
	count    int
}

// dependents counts what pg_shdepend knows of a role in each database. The keeper does not know what the objects are called.
func (k *Keeper) dependents(role uint32) (others []elsewhere, err error) {
	err = k.store.query(`SELECT dbid, count(*) FROM "pg_catalog.pg_shdepend" WHERE refclassid = ? AND refobjid = ? AND dbid <> 0 GROUP BY 1 ORDER BY 1`,
		func(st *sqlite3.Stmt) error {
			db, n := uint32(st.ColumnInt64(0)), st.ColumnInt(1)
			others = append(others, elsewhere{db, n})
			return nil
		}, catalog.ClassAuthid, role)
	return others, err
}
