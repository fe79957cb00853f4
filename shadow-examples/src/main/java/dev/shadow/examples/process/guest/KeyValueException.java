package dev.shadow.examples.process.guest;

import java.io.IOException;

/** The key-value service answered that it did not do what it was asked. */
public final class KeyValueException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Code code;

    /** Why. */
    public enum Code {
        /** The request makes no sense; it will be refused again. */
        BAD_REQUEST('B'),
        /** The disk has no room; a put will be refused again, a get will not. */
        DISK_FULL('F'),
        /** The disk failed or another activation has taken over; the put may or may not have taken effect. */
        UNAVAILABLE('U');

        private final byte onTheWire;

        Code(char onTheWire) {
            this.onTheWire = (byte) onTheWire;
        }

        byte onTheWire() {
            return onTheWire;
        }

        /** The code that is written so; {@code UNAVAILABLE} for one that is not known. */
        static Code of(byte onTheWire) {
            for (Code code : values()) {
                if (code.onTheWire == onTheWire) {
                    return code;
                }
            }
            return UNAVAILABLE;
        }
    }

    KeyValueException(Code code, String message) {
        super(message);
        this.code = code;
    }

    /** Why. */
    public Code code() {
        return code;
    }
}
