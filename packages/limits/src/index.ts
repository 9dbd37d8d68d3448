export { MIN_CPUS, readCpuLimit } from "./cpu.ts";
export { countOomKills, readMemoryLimitBytes, readMemoryUsageBytes } from "./memory.ts";
