// Rules of Moses are substitutions one after the other; each of these takes time in proportion to the text.

extension [Unicode.Scalar] {
    init(scalars text: some StringProtocol) { self = Array(text.unicodeScalars) }

    var string: String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: self)
        return String(text)
    }

    func replacing(_ old: String, _ new: String) -> Self {
        let (old, new) = (Self(scalars: old), Self(scalars: new))
        var result: Self = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            if self[index] == old[0], index + old.count <= count, self[index..<index + old.count].elementsEqual(old) {
                result += new
                index += old.count
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }

    /// Runs of spaces as one.
    func collapsingSpaces() -> Self {
        var result: Self = []
        for scalar in self where scalar != " " || result.last != " " { result.append(scalar) }
        return result
    }

    func strippingPythonSpace() -> Self {
        guard let first = firstIndex(where: { !$0.isPythonSpace }), let last = lastIndex(where: { !$0.isPythonSpace })
        else { return [] }
        return Array(self[first...last])
    }

    /// What stands between white space.
    func pythonWords() -> [ArraySlice<Unicode.Scalar>] { split(whereSeparator: \.isPythonSpace) }

    /// Replaces a character between two others, from left to right; what was matched is not looked at again.
    ///
    /// - Parameter joint: What stands in its place.
    func replacing(
        _ character: Unicode.Scalar, after isBefore: (Unicode.Scalar) -> Bool, before isAfter: (Unicode.Scalar) -> Bool,
        with joint: String
    ) -> Self {
        let joint = Self(scalars: joint)
        var result: Self = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            if index + 2 < count, self[index + 1] == character, isBefore(self[index]), isAfter(self[index + 2]) {
                result.append(self[index])
                result += joint
                result.append(self[index + 2])
                index += 3
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}
