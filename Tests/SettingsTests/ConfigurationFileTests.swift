import Foundation
import Settings
import TestKit
import Testing

@Suite("The configuration file that is in force")
struct ConfigurationFileTests {
    private func file(
        _ flag: String? = nil, _ environment: [String: String] = [:], installed: String
    ) -> ConfigurationFile { ConfigurationFile(flag: flag, environment: environment, installed: installed) }

    @Test("the command line goes over the environment, and that over the installed file")
    func order() throws {
        let folder = try TemporaryFolder()
        let installed = try folder.write("dragoman.yaml", "")
        let named = ["DRAGOMAN_CONFIG": "/variable.yaml"]
        #expect(file("/flag.yaml", named, installed: installed).path == "/flag.yaml")
        #expect(file("/flag.yaml", named, installed: installed).origin == .flag)
        #expect(file(nil, named, installed: installed).path == "/variable.yaml")
        #expect(file(nil, named, installed: installed).origin == .variable)
        #expect(file(installed: installed).path == installed)
        #expect(file(installed: installed).origin == .installed)
    }

    @Test("an empty variable is no file, whatever is installed")
    func emptyVariable() throws {
        let folder = try TemporaryFolder()
        let found = file(nil, ["DRAGOMAN_CONFIG": ""], installed: try folder.write("dragoman.yaml", ""))
        #expect(found.path == nil && found.origin == .variable)
    }

    @Test("where nothing is installed, every key has its default")
    func nothing() throws {
        let folder = try TemporaryFolder()
        for path in [folder.file("dragoman.yaml").path, folder.file("no/dragoman.yaml").path] {
            let found = file(installed: path)
            #expect(found.path == nil && found.origin == .none)
        }
    }

    @Test("an installed file that cannot be read is a problem, not an absence")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("dragoman.yaml").path
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/nonexistent/dragoman.yaml")
        let found = file(installed: path)
        #expect(found.path == path && found.origin == .installed)
        let report = Settings.read(file: found.path, environment: [:])
        #expect(report.problems.count == 1)
        #expect(report.problems.first?.description.contains("DRAGOMAN_CONFIG") == true)
    }

    @Test("the variable that names the file is not taken for a key")
    func variableIsNoKey() {
        #expect(Settings.read(file: nil, environment: ["DRAGOMAN_CONFIG": ""]).problems == [])
    }
}
