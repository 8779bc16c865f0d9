/// How a beam's places are shared by hypotheses that have more and fewer of the required tokens, as dynamic beam allocation
/// does it (Post and Vilar 2018, arXiv:1804.06609; Hu et al. 2019, arXiv:1904.09324).
package enum BeamPlaces {
    /// How many places each bank gets.
    ///
    /// All banks that have candidates get the same, and those that have more of the phrases get what is left over, so that
    /// the furthest always goes on. What a bank cannot fill goes to others in the same way.
    ///
    /// - Parameter candidates: How many there are in each bank; the banks are in order of what they have.
    package static func shared(_ places: Int, by candidates: [Int]) -> [Int] {
        var shares = [Int](repeating: 0, count: candidates.count)
        var left = places
        while left > 0 {
            let open = candidates.indices.filter { shares[$0] < candidates[$0] }
            if open.isEmpty { break }
            let each = left / open.count
            if each == 0 {
                for bank in open.suffix(left) { shares[bank] += 1 }
                break
            }
            for bank in open {
                let more = min(each, candidates[bank] - shares[bank])
                shares[bank] += more
                left -= more
            }
        }
        return shares
    }
}
