import Dispatching
import DragomanCommand
import Foundation
import Settings
import TestKit
import Testing

@Suite("Lines of the allow file on tenants")
struct TenantLimitsTests {
    private func limits(_ lines: String) throws -> [String: TenantLimits] {
        let folder = try TemporaryFolder()
        try lines.write(to: folder.file("allow"), atomically: true, encoding: .utf8)
        var settings = AccessSettings()
        settings.serverSecretKeyFile = "key"
        settings.allowFile = folder.file("allow").path
        return try AccessFiles(settings: settings).tenantLimits()
    }

    @Test("each word is a limit; lines with keys are not concerned")
    func words() throws {
        let key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
        let limits = try limits(
            """
            # Who may connect.
            \(key) acme producer,consumer
            tenant acme weight=2 priority_max=1 queued_jobs_max=1000 queued_bytes_max=65536   # a comment
            tenant  tenant jobs_per_second_max=50 texts_per_second_max=5000 connections_max=20
            """)
        var acme = TenantLimits()
        acme.weight = 2
        acme.priorityMaximum = 1
        acme.queuedJobs = 1000
        acme.queuedBytes = 65_536
        var other = TenantLimits()
        other.jobsPerSecond = 50
        other.textsPerSecond = 5000
        other.connections = 20
        #expect(limits == ["acme": acme, "tenant": other])
    }

    @Test(
        "what is wrong is named with its line",
        arguments: [
            ("tenant acme", "a line on a tenant is"),
            ("tenant", "a line on a tenant is"),
            ("tenant a/b weight=2", "cannot be a tenant's name"),
            ("tenant acme weigth=2", "a tenant has no \"weigth\", but weight, priority_max"),
            ("tenant acme weight=0", "weight must be a whole number from 1 to 1000"),
            ("tenant acme weight", "weight must be a whole number from 1 to 1000"),
            ("tenant acme priority_max=4", "priority_max must be a whole number from 0 to 3"),
            ("tenant acme connections_max=many", "connections_max must be a whole number"),
            ("tenant acme weight=2 weight=2", "weight is there twice"),
            ("tenant acme weight=2\ntenant acme connections_max=2", ":3: there is a line on acme already"),
        ])
    func problems(line: String, problem: String) {
        let error = #expect(throws: CommandError.self) { try limits("\n" + line) }
        let message = error?.message ?? ""
        #expect(message.contains(problem) && message.contains("allow:"), "\(message)")
    }
}
