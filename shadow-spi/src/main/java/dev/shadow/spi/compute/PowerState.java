package dev.shadow.spi.compute;

/** What an instance is doing. */
public enum PowerState {
    /** Prepared on its host with process, memory and devices as far as the backend can; does not run. */
    STANDBY,
    /** Runs and serves. */
    RUNNING,
    /** Runs as a copy in isolation from every network that clients use. */
    ISOLATED,
    /** Was running and is held; memory stays. */
    PAUSED,
    /** Does not run and holds no memory; its disk is there. */
    STOPPED
}
