package io.taffrail.net.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bytes in JSON: as text if they are UTF-8, otherwise in base64 under {@code NAME_base64}. */
public final class JsonBytes {

    private JsonBytes() {}

    /** Adds the bytes to the object {@code into}; null bytes become a JSON null. */
    public static void put(String name, byte @Nullable [] bytes,
            Map<String, @Nullable Object> into) {
        if (bytes == null) {
            into.put(name, null);
            return;
        }
        try {
            into.put(name, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            into.put(name + "_base64", Base64.getEncoder().encodeToString(bytes));
        }
    }
}
