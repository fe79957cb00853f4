package dev.shadow.spi;

import java.util.Objects;

/**
 * The caller's generation is below the highest one seen: it has been superseded, must not try again,
 * and nothing was changed.
 */
public final class StaleGenerationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final VmId vm;
    private final Generation offered;
    private final Generation highestSeen;

    /**
     * @param vm the virtual machine whose history is meant
     * @param offered what the caller believed to own
     * @param highestSeen what the refusing side has seen, above {@code offered}
     */
    public StaleGenerationException(VmId vm, Generation offered, Generation highestSeen) {
        super("generation " + offered + " of " + vm + " is refused: generation " + highestSeen
                + " was already seen, so another activation has taken over");
        this.vm = Objects.requireNonNull(vm, "vm");
        this.offered = Objects.requireNonNull(offered, "offered");
        this.highestSeen = Objects.requireNonNull(highestSeen, "highestSeen");
    }

    /** The virtual machine whose history is meant. */
    public VmId vm() {
        return vm;
    }

    /** What the caller believed to own. */
    public Generation offered() {
        return offered;
    }

    /** What the refusing side has seen. */
    public Generation highestSeen() {
        return highestSeen;
    }
}
