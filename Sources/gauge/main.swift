import GaugeCommands

GaugeProgram.main()
