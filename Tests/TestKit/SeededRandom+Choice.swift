extension SeededRandom {
    /// One of several values.
    package mutating func choice<Value>(_ values: [Value]) -> Value { values[integer(0...values.count - 1)] }

    /// True once in `count` times, on average.
    package mutating func oneIn(_ count: Int) -> Bool { integer(1...count) == 1 }
}
