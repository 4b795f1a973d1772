import MachineTestSupport
import Testing

@testable import Machine

@Suite("Descriptors")
struct DescriptorTests {
    @Test("the entries of a process's folder are counted")
    func count() throws {
        try KernelTree.with(CapturedText.tree.merging(["proc/5/fd/": ""]) { $1 }) { (files) throws in
            #expect(try DescriptorUse.count(.id(4711), in: files) == 4)
            #expect(try DescriptorUse.count(.id(5), in: files) == 0)
        }
    }

    @Test("no folder, and a folder with something else in it, are errors")
    func failures() throws {
        try KernelTree.with(["proc/5/fd/x": ""]) { (files) throws in
            let absent = #expect(throws: MachineError.self) { try DescriptorUse.count(.id(6), in: files) }
            #expect(absent?.code == .unavailable)
            #expect(absent?.path == files.proc + "/6/fd")
            let foreign = #expect(throws: MachineError.self) { try DescriptorUse.count(.id(5), in: files) }
            #expect(foreign?.code == .malformed)
        }
    }

    private func system(_ fileNumbers: String, _ perProcess: String = "1048576\n") throws -> SystemDescriptors {
        try SystemDescriptors(
            fileNumbers: KernelText(fileNumbers, path: "file-nr"),
            perProcess: KernelText(perProcess, path: "nr_open")
        )
    }

    @Test("the system's handles")
    func system() throws {
        let descriptors = try system("479\t9\t2466170\n")
        #expect(descriptors.inUse == 470)
        #expect(descriptors.maximum == 2_466_170)
        #expect(descriptors.maximumPerProcess == 1_048_576)
        // The default of fs.file-max since Linux 5.
        #expect(try system("992\t0\t9223372036854775807\n").maximum == 9_223_372_036_854_775_807)
    }

    @Test(
        "malformed figures of the system",
        arguments: ["", "\n", "479\t0\t24661", "479\t0\n", "1\t2\t3\t4\n", "479\t480\t500\n", "a\t0\t1\n"]
    )
    func malformed(text: String) throws {
        let error = #expect(throws: MachineError.self) { try system(text) }
        #expect(error?.code == .malformed)
        #expect(error?.path == "file-nr")
        #expect(throws: MachineError.self) { try system("479\t0\t2466170\n", "1048576") }
    }
}
