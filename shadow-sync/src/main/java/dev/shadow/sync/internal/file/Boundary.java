package dev.shadow.sync.internal.file;

/** Called before each change that a replica of a tree makes to its disk, so that a test can crash it there. */
@FunctionalInterface
public interface Boundary {
    /** Does nothing. */
    Boundary NONE = what -> {};

    /** The change is about to be made. */
    void before(String what);
}
