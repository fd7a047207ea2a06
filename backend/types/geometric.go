package types

import (
	"encoding/binary"
	"math"

	"pgd/backend/pgerr"
)

// OIDs of the geometric types.
const (
	PointOID   = 600
	LsegOID    = 601
	PathOID    = 602
	BoxOID     = 603
	PolygonOID = 604
	LineOID    = 628
	CircleOID  = 718
)

// Geometric values are stored as a BLOB of their binary form: they have no order.
func init() {
	for _, t := range []struct {
		oid, array uint32
		name       string
		size       int16
		delim      byte
		elem       uint32
		in         func(c *Context, s string, typmod int32) (Value, error)
		out        func(c *Context, dst []byte, v Value) []byte
		recv       func(c *Context, b []byte, typmod int32) (Value, error)
	}{
		{PointOID, 1017, "point", 16, ',', Float8OID, pointIn, pointOut, pointRecv},
		{LsegOID, 1018, "lseg", 32, ',', PointOID, lsegIn, lsegOut, lsegRecv},
		{PathOID, 1019, "path", -1, ',', 0, pathIn, pathOut, pathRecv},
		{BoxOID, 1020, "box", 32, ';', PointOID, boxIn, boxOut, boxRecv},
		{PolygonOID, 1027, "polygon", -1, ',', 0, polygonIn, polygonOut, polygonRecv},
		{LineOID, 629, "line", 24, ',', Float8OID, lineIn, lineOut, lineRecv},
		{CircleOID, 719, "circle", 24, ',', 0, circleIn, circleOut, circleRecv},
	} {
		register(&Type{
			OID: t.oid, Name: t.name, Display: t.name, Array: t.array, Category: 'G', Len: t.size, Delim: t.delim, Store: Blob, NotOrdered: true,
			Input: t.in, Output: t.out, Receive: t.recv, Send: textOut,
		})
	}
}

// Point is a place in the plane.
type Point struct{ X, Y float64 }

// Lseg is the straight way from one point to another.
type Lseg [2]Point

// Box is a rectangle: its upper right and lower left corners.
type Box struct{ High, Low Point }

// Line is all points with Ax + By + C = 0.
type Line struct{ A, B, C float64 }

// Circle is a circle.
type Circle struct {
	Center Point
	Radius float64
}

// Path is a way over points, closed where it leads back to the first.
type Path struct {
	Closed bool
	Points []Point
}

// Polygon is the area within a closed way.
type Polygon struct{ Points []Point }

// wireNaN is the NaN of C, which is not Go's.
const wireNaN = 0x7ff8000000000000

func appendFloats(b []byte, fs ...float64) []byte {
	for _, f := range fs {
		bits := math.Float64bits(f)
		if f != f {
			bits = wireNaN
		}
		b = binary.BigEndian.AppendUint64(b, bits)
	}
	return b
}

func appendPoints(b []byte, ps []Point) []byte {
	for _, p := range ps {
		b = appendFloats(b, p.X, p.Y)
	}
	return b
}

// Value gives the stored form.
func (p Point) Value() Value { return BlobValue(appendFloats(nil, p.X, p.Y)) }

// Value gives the stored form.
func (l Lseg) Value() Value { return BlobValue(appendPoints(nil, l[:])) }

// Value gives the stored form.
func (x Box) Value() Value { return BlobValue(appendPoints(nil, []Point{x.High, x.Low})) }

// Value gives the stored form.
func (l Line) Value() Value { return BlobValue(appendFloats(nil, l.A, l.B, l.C)) }

// Value gives the stored form.
func (x Circle) Value() Value { return BlobValue(appendFloats(nil, x.Center.X, x.Center.Y, x.Radius)) }

// Value gives the stored form.
func (p Path) Value() Value {
	b := binary.BigEndian.AppendUint32([]byte{byte(boolInt(p.Closed))}, uint32(len(p.Points)))
	return BlobValue(appendPoints(b, p.Points))
}

// Value gives the stored form.
func (p Polygon) Value() Value {
	return BlobValue(appendPoints(binary.BigEndian.AppendUint32(nil, uint32(len(p.Points))), p.Points))
}

func readFloat(b []byte) float64 { return math.Float64frombits(binary.BigEndian.Uint64(b)) }

func readPoint(b []byte) Point { return Point{readFloat(b), readFloat(b[8:])} }

// ErrBadGeometry is the answer to a BLOB that is no value of its type: the file was damaged or written by something else.
var ErrBadGeometry = pgerr.New(pgerr.DataCorrupted, "stored geometric value is not valid")

// ReadPoint reads the stored form.
func ReadPoint(v Value) (Point, error) {
	if len(v.B) != 16 {
		return Point{}, ErrBadGeometry
	}
	return readPoint(v.B), nil
}

// ReadLseg reads the stored form.
func ReadLseg(v Value) (Lseg, error) {
	if len(v.B) != 32 {
		return Lseg{}, ErrBadGeometry
	}
	return Lseg{readPoint(v.B), readPoint(v.B[16:])}, nil
}

// ReadBox reads the stored form.
func ReadBox(v Value) (Box, error) {
	l, err := ReadLseg(v)
	return Box{High: l[0], Low: l[1]}, err
}

// ReadLine reads the stored form.
func ReadLine(v Value) (Line, error) {
	if len(v.B) != 24 {
		return Line{}, ErrBadGeometry
	}
	return Line{readFloat(v.B), readFloat(v.B[8:]), readFloat(v.B[16:])}, nil
}

// ReadCircle reads the stored form.
func ReadCircle(v Value) (Circle, error) {
	l, err := ReadLine(v)
	return Circle{Point{l.A, l.B}, l.C}, err
}

// ReadPath reads the stored form.
func ReadPath(v Value) (Path, error) {
	if len(v.B) < 1 {
		return Path{}, ErrBadGeometry
	}
	p, err := ReadPolygon(Value{Kind: Blob, B: v.B[1:]})
	return Path{v.B[0] != 0, p.Points}, err
}

// ReadPolygon reads the stored form.
func ReadPolygon(v Value) (Polygon, error) {
	if len(v.B) < 4 || (len(v.B)-4)%16 != 0 || uint64(binary.BigEndian.Uint32(v.B)) != uint64(len(v.B)-4)/16 || len(v.B) == 4 {
		return Polygon{}, ErrBadGeometry
	}
	ps := make([]Point, (len(v.B)-4)/16)
	for i := range ps {
		ps[i] = readPoint(v.B[4+16*i:])
	}
	return Polygon{ps}, nil
}

// MakeBox makes a box of two opposite corners.
func MakeBox(a, b Point) Box {
	if CompareFloat8(a.X, b.X) <= 0 {
		a.X, b.X = b.X, a.X
	}
	if CompareFloat8(a.Y, b.Y) <= 0 {
		a.Y, b.Y = b.Y, a.Y
	}
	return Box{a, b}
}

// GeometricEpsilon is how far numbers may be apart and yet count as equal, as in PostgreSQL.
const GeometricEpsilon = 1e-06

// nearZero tells what counts as zero.
func nearZero(f float64) bool { return math.Abs(f) <= GeometricEpsilon }
