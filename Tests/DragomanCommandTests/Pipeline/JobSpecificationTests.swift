import DragomanCommand
import Foundation
import Gateway
import JobModel
import Testing

@Suite("A job in the description of the HTTP interface")
struct JobSpecificationTests {
    /// The member at a path of names.
    private func member(_ path: String) throws -> [String: Any] {
        var value = try JSONSerialization.jsonObject(with: Data(OpenAPI.text(version: "1")))
        for name in path.split(separator: "/") {
            value = try #require((value as? [String: Any])?[String(name)])
        }
        return try #require(value as? [String: Any])
    }

    @Test("has every key that a job can have, and no other")
    func keys() throws {
        let described = Set(try member("components/schemas/Job/properties").keys)
        #expect(described == Set(JSONJob.Key.allCases.map(\.rawValue) + SearchOption.table.map(\.name.key)))
    }

    @Test("is of schemas that are there")
    func references() throws {
        let text = String(decoding: OpenAPI.text(version: "1"), as: UTF8.self)
        let names = text.matches(of: /"#\/components\/([A-Za-z\/]+)"/).map { String($0.1) }
        #expect(names.count > 10)
        for name in Set(names) { _ = try member("components/\(name)") }
    }
}
