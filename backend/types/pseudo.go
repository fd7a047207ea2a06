package types

import (
	"pgd/backend/pgerr"
)

// OIDs of pseudo-types.
const (
	RecordOID      = 2249
	AnyOID         = 2276
	AnyArrayOID    = 2277
	VoidOID        = 2278
	TriggerOID     = 2279
	InternalOID    = 2281
	AnyElementOID  = 2283
	AnyNonArrayOID = 2776
	AnyEnumOID     = 3500
	AnyRangeOID    = 3831
	AnyMultiOID    = 4537
	AnyCompatOID   = 5077
	AnyCompatArray = 5078
	AnyCompatNon   = 5079
	AnyCompatRange = 5080
	AnyCompatMulti = 4538
)

func init() {
	for _, p := range []struct {
		oid  uint32
		name string
	}{
		{AnyOID, "any"}, {AnyArrayOID, "anyarray"}, {TriggerOID, "trigger"}, {2280, "language_handler"}, {InternalOID, "internal"},
		{AnyElementOID, "anyelement"}, {AnyNonArrayOID, "anynonarray"}, {AnyEnumOID, "anyenum"}, {AnyRangeOID, "anyrange"},
		{AnyMultiOID, "anymultirange"}, {AnyCompatOID, "anycompatible"}, {AnyCompatArray, "anycompatiblearray"},
		{AnyCompatNon, "anycompatiblenonarray"}, {AnyCompatRange, "anycompatiblerange"}, {AnyCompatMulti, "anycompatiblemultirange"},
		{3838, "event_trigger"}, {3115, "fdw_handler"}, {325, "index_am_handler"}, {269, "table_am_handler"}, {3310, "tsm_handler"},
		{32, "pg_ddl_command"},
	} {
		register(pseudo(p.oid, p.name))
	}
	register(&Type{
		OID: VoidOID, Name: "void", Display: "void", Category: 'P', Len: 4, Delim: ',', Store: Text, NotOrdered: true,
		Input: voidIn, Output: voidOut, Receive: voidRecv, Send: voidOut,
	})
}

func pseudo(oid uint32, name string) *Type {
	display := name
	if name == "any" {
		display = `"any"`
	}
	t := &Type{
		OID: oid, Name: name, Display: display, Category: 'P', Len: 4, Delim: ',', Store: Text, NotOrdered: true,
		Input: cannotAccept(name), Output: textOut, Receive: cannotReceive(name), Send: textOut,
	}
	if oid == AnyArrayOID || oid == AnyCompatArray {
		// Columns of catalogs (pg_statistic) hold arrays under this type.
		t.Output, t.Send, t.Store = arrayOut, arraySend, Blob
	}
	return t
}

func cannotAccept(name string) func(*Context, string, int32) (Value, error) {
	return func(*Context, string, int32) (Value, error) {
		return Value{}, pgerr.New(pgerr.FeatureNotSupported, "cannot accept a value of type %s", name)
	}
}

func cannotReceive(name string) func(*Context, []byte, int32) (Value, error) {
	return func(*Context, []byte, int32) (Value, error) {
		return Value{}, pgerr.New(pgerr.FeatureNotSupported, "cannot accept a value of type %s", name)
	}
}

func voidIn(*Context, string, int32) (Value, error)   { return TextValue([]byte{}), nil }
func voidRecv(*Context, []byte, int32) (Value, error) { return TextValue([]byte{}), nil }
func voidOut(_ *Context, dst []byte, _ Value) []byte  { return dst }
