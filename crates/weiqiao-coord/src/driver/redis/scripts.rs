//! The steps that must be one step on the server. All of them survive a key that somebody else wrote there.

use redis::Script;

/// Every script, with its hash computed once.
pub(super) struct Scripts {
    pub(super) take: Script,
    pub(super) put_if: Script,
    pub(super) delete_if: Script,
    pub(super) incr: Script,
    pub(super) gcra: Script,
    pub(super) acquire: Script,
    pub(super) put_if_newer: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        Self {
            take: Script::new(TAKE),
            put_if: Script::new(PUT_IF),
            delete_if: Script::new(DELETE_IF),
            incr: Script::new(INCR),
            gcra: Script::new(GCRA),
            acquire: Script::new(ACQUIRE),
            put_if_newer: Script::new(PUT_IF_NEWER),
        }
    }
}

/// `GETDEL` for servers older than 6.2.
const TAKE: &str = r"
local value = redis.call('GET', KEYS[1])
if value then redis.call('DEL', KEYS[1]) end
return value";

/// Arguments: expected, value, life in ms.
const PUT_IF: &str = r"
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1";

/// Argument: expected.
const DELETE_IF: &str = r"
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])";

/// Argument: life in ms. Something that is not a counter, or never expires, is started over.
const INCR: &str = r"
local count = redis.pcall('INCR', KEYS[1])
if type(count) ~= 'number' or count < 1 then
  redis.call('SET', KEYS[1], 1, 'PX', ARGV[1])
  return 1
end
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count";

/// Arguments: interval and depth in ms. The bucket's fill is the key's remaining life, so that no clock but the
/// server's is involved and an empty bucket takes no room.
const GCRA: &str = r"
local interval, depth = tonumber(ARGV[1]), tonumber(ARGV[2])
local fill = math.max(0, math.min(depth, redis.call('PTTL', KEYS[1])))
local after = fill + interval
if after > depth then return {0, after - depth, depth - fill} end
redis.call('SET', KEYS[1], '', 'PX', after)
return {1, 0, depth - after}";

/// Keys: lease, last fence. Arguments: token, life in ms, life of the fence in ms.
/// The number starts from the server's clock, so that a flush cannot make it small again.
const ACQUIRE: &str = r"
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
local now = redis.call('TIME')
local fence = tonumber(now[1]) * 1000000 + tonumber(now[2])
local last = tonumber(redis.call('GET', KEYS[2]) or '')
if last and last >= fence then fence = last + 1 end
local text = string.format('%.0f', fence)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], text, 'PX', ARGV[3])
return text";

/// Arguments: generation as 20 digits, framed value (tag of 16 bytes, the same 20 digits, payload), life in ms.
const PUT_IF_NEWER: &str = r"
local stored = redis.call('GET', KEYS[1])
if stored and string.sub(stored, 17, 36) >= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1";
