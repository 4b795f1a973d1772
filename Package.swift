// swift-tools-version: 6.2
import PackageDescription

/// One set of strict settings for every target; see docs/ARCHITECTURE.md.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let dequeModule: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let heapModule: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "brigade",
    products: [
        .executable(name: "brigade", targets: ["brigade"]),
        .executable(name: "gauge", targets: ["gauge"]),
        .library(name: "Brigade", targets: ["Brigade"]),
        .library(name: "S3Client", targets: ["S3Client"]),
        .library(name: "Machine", targets: ["Machine"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // Executables
        .executableTarget(name: "brigade", dependencies: ["BrigadeCommands"], swiftSettings: strict),
        .executableTarget(name: "gauge", dependencies: ["GaugeCommands"], swiftSettings: strict),

        // Commands: options, rendering, progress, reports
        .target(
            name: "BrigadeCommands",
            dependencies: [
                "Brigade", "FlowControl", "LocalS3", "Machine", "S3Client", "S3Protocol", "SampleKeyspaces",
                argumentParser,
                systemPackage,
            ],
            swiftSettings: strict
        ),
        .target(name: "GaugeCommands", dependencies: ["Machine", argumentParser], swiftSettings: strict),

        // Engine
        .target(
            name: "Brigade",
            dependencies: [
                "FlowControl", "Keyspace", "Machine", "S3Client", "S3Protocol", dequeModule, grdb, heapModule,
                systemPackage,
            ],
            swiftSettings: strict
        ),

        // Client and probes
        .target(
            name: "S3Client",
            dependencies: [
                "FlowControl", "S3Protocol", dequeModule, nioCore, nioPosix, nioSSL, nioTLS, systemPackage,
            ],
            swiftSettings: strict
        ),
        .target(name: "Machine", dependencies: ["CMachine", systemPackage], swiftSettings: strict),
        .target(name: "CMachine", cSettings: [.treatAllWarnings(as: .error)]),

        // Pure cores: no sockets, no clocks, no Foundation
        .target(name: "S3Protocol", dependencies: [crypto], swiftSettings: strict),
        .target(name: "Keyspace", swiftSettings: strict),
        .target(name: "FlowControl", dependencies: [dequeModule, heapModule], swiftSettings: strict),

        // The embedded S3 server for the demo, development and tests; shares nothing with S3Protocol
        .target(
            name: "LocalS3",
            dependencies: [crypto, nioCore, nioHTTP1, nioPosix, nioSSL, systemPackage],
            swiftSettings: strict
        ),

        // Kinds of keys that the embedded server can be filled with, and that listing is measured on
        .target(name: "SampleKeyspaces", swiftSettings: strict),

        // Benchmarks
        .executableTarget(
            name: "ListingSimulator",
            dependencies: ["Keyspace", "SampleKeyspaces"],
            path: "Benchmarks/listing",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "FlowSimulator",
            dependencies: ["FlowControl", heapModule],
            path: "Benchmarks/flow",
            exclude: ["bench_flow.py"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "PageReader",
            dependencies: ["Allocations", "S3Protocol"],
            path: "Benchmarks/page-reader",
            swiftSettings: strict
        ),
        .target(name: "Allocations", path: "Benchmarks/allocations", cSettings: [.treatAllWarnings(as: .error)]),

        // Tests
        .testTarget(
            name: "LocalS3Tests",
            dependencies: ["LocalS3", crypto, nioCore, nioHTTP1, nioPosix],
            swiftSettings: strict
        ),

        // Test support, which nothing that ships uses
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "MachineTestSupport",
            dependencies: ["Machine"],
            path: "Tests/MachineTestSupport",
            swiftSettings: strict
        ),

        .target(
            name: "ServerTestSupport",
            dependencies: ["LocalS3", nioCore, nioPosix],
            path: "Tests/ServerTestSupport",
            swiftSettings: strict
        ),

        // Tests over sockets, and of the command as a process
        .testTarget(name: "MachineTests", dependencies: ["Machine", "MachineTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "Brigade", "LocalS3", "Machine", "S3Client", "S3Protocol", "FlowControl", "ServerTestSupport",
                "TestSupport", crypto,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["LocalS3", "ServerTestSupport", "brigade"],
            swiftSettings: strict
        ),

        // Tests without sockets
        .testTarget(
            name: "GaugeCommandsTests",
            dependencies: ["GaugeCommands", "Machine", "MachineTestSupport", "gauge", argumentParser],
            swiftSettings: strict
        ),
        .testTarget(
            name: "S3ProtocolTests",
            dependencies: ["S3Protocol", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(name: "KeyspaceTests", dependencies: ["Keyspace", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "SampleKeyspacesTests", dependencies: ["SampleKeyspaces"], swiftSettings: strict),
        .testTarget(name: "FlowControlTests", dependencies: ["FlowControl", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "S3ClientTests",
            dependencies: [
                "FlowControl", "S3Client", "S3Protocol", "TestSupport", nioCore, nioEmbedded, nioSSL, systemPackage,
            ],
            exclude: ["Configuration/botocore_witness.py"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BrigadeCommandsTests",
            dependencies: [
                "Brigade", "BrigadeCommands", "FlowControl", "LocalS3", "Machine", "S3Client", "S3Protocol",
                "SampleKeyspaces", argumentParser,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BrigadeTests",
            dependencies: [
                "Brigade", "FlowControl", "Keyspace", "Machine", "S3Client", "S3Protocol", "ServerTestSupport",
                "TestSupport",
                systemPackage,
            ],
            swiftSettings: strict
        ),
    ]
)
