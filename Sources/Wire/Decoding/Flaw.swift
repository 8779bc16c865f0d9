import JobModel

/// What is wrong in a message, and in which field. The field's path is put together only on the way out, from the inner
/// to the outer.
struct Flaw: Error, CustomStringConvertible {
    private(set) var path: String
    let problem: String
    let code: Fault.Code

    init(_ field: String, _ problem: String, code: Fault.Code = .malformed) {
        path = field
        self.problem = problem
        self.code = code
    }

    func inside(_ field: String) -> Flaw {
        var outer = self
        outer.path = path.isEmpty ? field : "\(field).\(path)"
        return outer
    }

    var description: String { path.isEmpty ? problem : "\(path) \(problem)" }
}
