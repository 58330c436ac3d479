import keyfob from './libraries/keyfob.js';
import oslojs from './libraries/oslojs.js';
import otpauth from './libraries/otpauth.js';
import otplib from './libraries/otplib.js';
import speakeasy from './libraries/speakeasy.js';
import { measure } from './measure.js';

export const run = (rounds) => measure([keyfob, otpauth, otplib, speakeasy, oslojs], rounds);
