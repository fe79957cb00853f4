package dev.shadow.examples.process.guest;

import java.io.IOException;

/** A put was refused because the log has no room for it; nothing was written and reads go on. */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskFullException(long needed, long used, long capacity) {
        super("disk full: " + needed + " bytes are needed, " + used + " of " + capacity
                + " are used; make the disk larger");
    }
}
