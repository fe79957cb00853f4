package dev.shadow.sync.internal;

import java.io.IOException;
import java.util.List;

/** A directory of files: the only way in which this package reaches a disk. */
public interface Storage {
    /** Opens a file, creating an empty one if it is missing. */
    StorageFile open(String name) throws IOException;

    /** Maps a file of {@code bytes} bytes, creating it with zeros if it is missing or has another length. */
    MappedMemory map(String name, long bytes) throws IOException;

    /** Says whether the file is there and not empty. */
    boolean exists(String name) throws IOException;

    /** Deletes a file if it is there. */
    void delete(String name) throws IOException;

    /** Names of the files and directories in here, in order. */
    List<String> list() throws IOException;

    /** Returns a directory in here, creating it if it is missing. */
    Storage directory(String name) throws IOException;

    /** Deletes an empty directory in here if it is there. */
    void deleteDirectory(String name) throws IOException;

    /** Makes creations and deletions in this directory durable. */
    void forceDirectory() throws IOException;
}
