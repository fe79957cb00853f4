package dev.shadow.sync.internal;

/** The simulated process or machine stops here. */
final class SimulatedCrash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SimulatedCrash() {
        super("simulated crash");
    }
}
