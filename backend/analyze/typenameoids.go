package analyze

import "pgd/backend/catalog"

// OIDs of the types that the rules themselves name. Everything else about a type comes from the catalog.
const (
	typeBool            uint32 = 16
	typeBytea           uint32 = 17
	typeQChar           uint32 = 18
	typeName            uint32 = 19
	typeInt8            uint32 = 20
	typeInt2            uint32 = 21
	typeInt2Vector      uint32 = 22
	typeInt4            uint32 = 23
	typeText            uint32 = 25
	typeOID             uint32 = 26
	typeOIDVector       uint32 = 30
	typeJSON            uint32 = 114
	typeXML             uint32 = 142
	typeFloat4          uint32 = 700
	typeFloat8          uint32 = 701
	typeUnknown         uint32 = 705
	typeBpchar          uint32 = 1042
	typeVarchar         uint32 = 1043
	typeDate            uint32 = 1082
	typeTime            uint32 = 1083
	typeTimestamp       uint32 = 1114
	typeTimestamptz     uint32 = 1184
	typeInterval        uint32 = 1186
	typeTimetz          uint32 = 1266
	typeBit             uint32 = 1560
	typeVarbit          uint32 = 1562
	typeNumeric         uint32 = 1700
	typeRecord          uint32 = 2249
	typeCstring         uint32 = 2275
	typeAny             uint32 = 2276
	typeAnyArray        uint32 = 2277
	typeVoid            uint32 = 2278
	typeTrigger         uint32 = 2279
	typeInternal        uint32 = 2281
	typeAnyElement      uint32 = 2283
	typeRecordArray     uint32 = 2287
	typeAnyNonArray     uint32 = 2776
	typeAnyEnum         uint32 = 3500
	typeJSONB           uint32 = 3802
	typeAnyRange        uint32 = 3831
	typeAnyMultirange   uint32 = 4537
	typeAnyCompatMulti  uint32 = 4538
	typeAnyCompat       uint32 = 5077
	typeAnyCompatArray  uint32 = 5078
	typeAnyCompatNonArr uint32 = 5079
	typeAnyCompatRange  uint32 = 5080
	collationDefault    uint32 = 100
	collationC          uint32 = 950
)

// isPolymorphic tells whether t is one of the pseudo-types a call's actual types stand in for.
func isPolymorphic(t uint32) bool { return isPolymorphic1(t) || isPolymorphic2(t) }

// isPolymorphic1 is the family of anyelement, in which all types must be equal.
func isPolymorphic1(t uint32) bool {
	switch t {
	case typeAnyElement, typeAnyArray, typeAnyNonArray, typeAnyEnum, typeAnyRange, typeAnyMultirange:
		return true
	}
	return false
}

// isPolymorphic2 is the family of anycompatible, in which a common type is chosen.
func isPolymorphic2(t uint32) bool {
	switch t {
	case typeAnyCompat, typeAnyCompatArray, typeAnyCompatNonArr, typeAnyCompatRange, typeAnyCompatMulti:
		return true
	}
	return false
}

// row gives a type's catalog row, an empty one when there is none.
func (a *Analyzer) typeRow(oid uint32) *catalog.TypeRow {
	if t := a.Catalog.Type(oid); t != nil {
		return t
	}
	return &noType
}

var noType catalog.TypeRow

// baseType looks through domains.
func (a *Analyzer) baseType(oid uint32) uint32 { t, _ := a.baseTypeMod(oid, -1); return t }

// baseTypeMod looks through domains and takes the domain's modifier where there is one.
func (a *Analyzer) baseTypeMod(oid uint32, mod int32) (uint32, int32) {
	for range maxDepth {
		t := a.Catalog.Type(oid)
		if t == nil || t.Kind != 'd' {
			break
		}
		oid, mod = t.BaseType, t.Typmod
	}
	return oid, mod
}

// elemType gives the element of a true array type, 0 for any other type.
func (a *Analyzer) elemType(oid uint32) uint32 {
	if t := a.Catalog.Type(oid); t != nil && t.Elem != 0 && t.Len == -1 {
		return t.Elem
	}
	return 0
}

// arrayType gives the array type over a type, 0 for none.
func (a *Analyzer) arrayType(oid uint32) uint32 { return a.typeRow(oid).Array }

// isComposite tells whether values of the type are rows with named columns.
func (a *Analyzer) isComposite(oid uint32) bool { return a.typeRow(a.baseType(oid)).Kind == 'c' }

// format prints a type for a message.
func (a *Analyzer) format(oid uint32) string { return a.Catalog.FormatType(oid, -1) }

// collationOf is the collation values of a type have by themselves.
func (a *Analyzer) collationOf(oid uint32) uint32 { return a.typeRow(oid).Collation }
